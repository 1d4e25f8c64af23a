#include "gateway/cloud/event_headers.hpp"

#include <algorithm>

#include "gateway/cloud/big_endian.hpp"

namespace troupe::cloud {
namespace {

EventValue value_of(const EventHeaderWalk::Item& item) {
  const auto number = item.value.size() <= 8 ? big_endian(item.value) : 0;
  switch (item.type) {
    case EventValueType::yes:
      return true;
    case EventValueType::no:
      return false;
    case EventValueType::byte:
      return static_cast<std::int8_t>(number);
    case EventValueType::int16:
      return static_cast<std::int16_t>(number);
    case EventValueType::int32:
      return static_cast<std::int32_t>(number);
    case EventValueType::int64:
      return static_cast<std::int64_t>(number);
    case EventValueType::blob:
      return Blob{std::string(item.value)};
    case EventValueType::text:
      return std::string(item.value);
    case EventValueType::time:
      return EventTime{static_cast<std::int64_t>(number)};
    case EventValueType::uuid:
      break;
  }
  Uuid uuid;
  std::copy_n(item.value.begin(), uuid.bytes.size(), uuid.bytes.begin());
  return uuid;
}

/// Appends type and value.
struct Append {
  std::string& out;

  void type(EventValueType number) const { out.push_back(static_cast<char>(number)); }
  void integer(EventValueType number, std::int64_t value, std::size_t size) const {
    type(number);
    append_big_endian(out, static_cast<std::uint64_t>(value), size);
  }
  void sized(EventValueType number, std::string_view bytes) const {
    bytes = bytes.substr(0, 65535);
    integer(number, static_cast<std::int64_t>(bytes.size()), 2);
    out.append(bytes);
  }
  void operator()(bool value) const { type(value ? EventValueType::yes : EventValueType::no); }
  void operator()(std::int8_t value) const { integer(EventValueType::byte, value, 1); }
  void operator()(std::int16_t value) const { integer(EventValueType::int16, value, 2); }
  void operator()(std::int32_t value) const { integer(EventValueType::int32, value, 4); }
  void operator()(std::int64_t value) const { integer(EventValueType::int64, value, 8); }
  void operator()(const Blob& value) const { sized(EventValueType::blob, value.bytes); }
  void operator()(const std::string& value) const { sized(EventValueType::text, value); }
  void operator()(EventTime value) const { integer(EventValueType::time, value.millis, 8); }
  void operator()(const Uuid& value) const {
    type(EventValueType::uuid);
    out.append(value.bytes.data(), value.bytes.size());
  }
};

}  // namespace

std::string_view EventHeaderWalk::take(std::size_t size) {
  if (size > left_.size()) malformed_ = true;
  const auto part = left_.substr(0, size);
  left_.remove_prefix(part.size());
  return part;
}

std::optional<std::size_t> EventHeaderWalk::value_size(EventValueType type) {
  switch (type) {
    case EventValueType::yes:
    case EventValueType::no:
      return 0;
    case EventValueType::byte:
      return 1;
    case EventValueType::int16:
      return 2;
    case EventValueType::int32:
      return 4;
    case EventValueType::int64:
    case EventValueType::time:
      return 8;
    case EventValueType::blob:
    case EventValueType::text:
      return big_endian(take(2));
    case EventValueType::uuid:
      return 16;
  }
  return std::nullopt;
}

std::optional<EventHeaderWalk::Item> EventHeaderWalk::next() {
  if (malformed_ || left_.empty()) return std::nullopt;
  Item item{};
  const auto name_size = big_endian(take(1));
  item.name = take(name_size);
  const auto type = big_endian(take(1));
  if (name_size == 0) malformed_ = true;
  if (malformed_) return std::nullopt;
  item.type = static_cast<EventValueType>(type);
  const auto size = value_size(item.type);
  if (size) item.value = take(*size);
  malformed_ = malformed_ || !size;
  return malformed_ ? std::nullopt : std::optional(item);
}

std::optional<std::vector<EventHeader>> read_event_headers(std::string_view block) {
  std::vector<EventHeader> headers;
  EventHeaderWalk walk(block);
  while (const auto item = walk.next()) headers.push_back({std::string(item->name), value_of(*item)});
  if (walk.malformed()) return std::nullopt;
  return headers;
}

void append_event_header(std::string& block, const EventHeader& header) {
  const auto name = std::string_view(header.name).substr(0, 255);
  append_big_endian(block, name.size(), 1);
  block.append(name);
  std::visit(Append{block}, header.value);
}

}  // namespace troupe::cloud
