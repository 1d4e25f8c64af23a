#include "gateway/cloud/event_stream.hpp"

#include <zlib.h>

#include "gateway/cloud/big_endian.hpp"

namespace troupe::cloud {
namespace {

constexpr std::size_t kPrelude = 12, kCrc = 4, kSmallest = kPrelude + kCrc;

std::uint64_t crc(std::string_view bytes) {
  return crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

/// The headers that say what a frame is; false when the block is malformed.
bool classify(EventFrame& frame) {
  EventHeaderWalk walk(frame.headers);
  while (const auto item = walk.next()) {
    if (item->type != EventValueType::text) continue;
    if (item->name == ":message-type") frame.message_type = item->value;
    if (item->name == ":event-type" || item->name == ":exception-type" || item->name == ":error-code")
      frame.type = item->value;
    if (item->name == ":error-message") frame.message = item->value;
    if (item->name == ":content-type") frame.content_type = item->value;
  }
  return !walk.malformed();
}

}  // namespace

std::string_view name(EventStreamProblem problem) {
  switch (problem) {
    case EventStreamProblem::too_short:
      return "an event stream frame is shorter than its own header";
    case EventStreamProblem::too_long:
      return "an event stream frame is longer than 16 MiB";
    case EventStreamProblem::headers_too_long:
      return "the headers of an event stream frame are too long";
    case EventStreamProblem::prelude_corrupt:
      return "the prelude of an event stream frame does not match its checksum";
    case EventStreamProblem::frame_corrupt:
      return "an event stream frame does not match its checksum";
    case EventStreamProblem::headers_malformed:
      return "the headers of an event stream frame are malformed";
  }
  return "";
}

void EventStreamDecoder::push(std::string_view bytes) {
  if (problem_) return;
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  buffer_.append(bytes);
}

std::optional<EventFrame> EventStreamDecoder::fail(EventStreamProblem problem) {
  problem_ = problem;
  buffer_.clear();
  begin_ = frame_ = 0;
  return std::nullopt;
}

bool EventStreamDecoder::prelude_good(std::string_view bytes) {
  const auto total = big_endian(bytes.substr(0, 4)), headers = big_endian(bytes.substr(4, 4));
  // The checksum first: a corrupt length is a corrupt prelude, not a frame that is too long.
  if (crc(bytes.substr(0, 8)) != big_endian(bytes.substr(8, 4))) {
    fail(EventStreamProblem::prelude_corrupt);
  } else if (total < kSmallest) {
    fail(EventStreamProblem::too_short);
  } else if (total > kLargestEventFrame) {
    fail(EventStreamProblem::too_long);
  } else if (headers > kLargestEventHeaders || headers > total - kSmallest) {
    fail(EventStreamProblem::headers_too_long);
  } else {
    frame_ = total;
  }
  return !problem_;
}

std::optional<EventFrame> EventStreamDecoder::next() {
  auto bytes = std::string_view(buffer_).substr(begin_);
  if (problem_ || bytes.size() < kPrelude) return std::nullopt;
  if (frame_ == 0 && !prelude_good(bytes)) return std::nullopt;
  if (bytes.size() < frame_) return std::nullopt;
  bytes = bytes.substr(0, frame_);
  if (crc(bytes.substr(0, frame_ - kCrc)) != big_endian(bytes.substr(frame_ - kCrc)))
    return fail(EventStreamProblem::frame_corrupt);
  const auto headers = big_endian(bytes.substr(4, 4));
  EventFrame frame;
  frame.headers = bytes.substr(kPrelude, headers);
  frame.payload = bytes.substr(kPrelude + headers, frame_ - kSmallest - headers);
  if (!classify(frame)) return fail(EventStreamProblem::headers_malformed);
  begin_ += frame_;
  frame_ = 0;
  return frame;
}

std::string encode_event_frame(const std::vector<EventHeader>& headers, std::string_view payload) {
  std::string block;
  for (const auto& header : headers) append_event_header(block, header);
  std::string frame;
  frame.reserve(kSmallest + block.size() + payload.size());
  append_big_endian(frame, kSmallest + block.size() + payload.size(), 4);
  append_big_endian(frame, block.size(), 4);
  append_big_endian(frame, crc(frame), 4);
  frame.append(block).append(payload);
  append_big_endian(frame, crc(frame), 4);
  return frame;
}

std::string encode_event(std::string_view type, std::string_view payload, std::string_view content_type) {
  return encode_event_frame({{":event-type", std::string(type)},
                             {":content-type", std::string(content_type)},
                             {":message-type", std::string("event")}},
                            payload);
}

std::string encode_event_exception(std::string_view type, std::string_view payload) {
  return encode_event_frame({{":exception-type", std::string(type)},
                             {":content-type", std::string("application/json")},
                             {":message-type", std::string("exception")}},
                            payload);
}

}  // namespace troupe::cloud
