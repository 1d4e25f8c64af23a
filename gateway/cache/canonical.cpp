#include "gateway/cache/canonical.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

namespace troupe::cache {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr int kDeepest = 256;

constexpr std::array<std::string_view, 11> kLeftOut{"model",
                                                    "stream",
                                                    "user",
                                                    "metadata",
                                                    "max_cost",
                                                    "stream_options",
                                                    "fallback",
                                                    "safety_identifier",
                                                    "max_latency_ms",
                                                    "prompt_cache_key",
                                                    "prompt_cache_retention"};

void append_size(std::string& out, char kind, std::uint64_t size) {
  char bytes[9];
  bytes[0] = kind;
  std::memcpy(bytes + 1, &size, 8);
  out.append(bytes, 9);
}

void append_text(std::string& out, char kind, std::string_view text) {
  append_size(out, kind, text.size());
  out.append(text);
}

struct Member {
  std::size_t begin, name_end, end;  ///< in the buffer: the name's form, then the value's
};

/// Writes values one after another; members of an object that are not in order are moved when it ends.
class Writer {
 public:
  Writer(std::string& out, std::span<const std::string_view> refused) : out_(out), refused_(refused) {}

  bool value(ondemand::value value, int depth) {
    if (depth > kDeepest) return false;
    ondemand::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    switch (type) {
      case ondemand::json_type::object: {
        ondemand::object object;
        return value.get_object().get(object) == simdjson::SUCCESS && this->object(object, depth, false);
      }
      case ondemand::json_type::array:
        return array(value, depth);
      case ondemand::json_type::string: {
        std::string_view text;
        if (value.get_string().get(text) != simdjson::SUCCESS) return false;
        append_text(out_, 's', text);
        return true;
      }
      case ondemand::json_type::number:
        return number(value);
      case ondemand::json_type::boolean: {
        bool yes = false;
        if (value.get_bool().get(yes) != simdjson::SUCCESS) return false;
        out_.push_back(yes ? 't' : 'f');
        return true;
      }
      case ondemand::json_type::null:
        out_.push_back('n');
        return true;
    }
    return false;
  }

  bool object(ondemand::object& object, int depth, bool top) {
    const auto first = members_.size();
    const auto begin = out_.size();
    append_size(out_, 'o', 0);
    for (auto field : object) {
      ondemand::field member;
      std::string_view name;
      if (std::move(field).get(member) != simdjson::SUCCESS) return false;
      if (member.unescaped_key().get(name) != simdjson::SUCCESS) return false;
      if (top && left_out(name)) continue;
      const auto at = out_.size();
      append_text(out_, 'k', name);
      const auto name_end = out_.size();
      if (!value(member.value(), depth + 1)) return false;
      if (top && says(name, std::string_view(out_).substr(name_end))) return false;
      members_.push_back({at, name_end, out_.size()});
    }
    const std::uint64_t count = members_.size() - first;
    std::memcpy(out_.data() + begin + 1, &count, 8);
    sort(first);
    return true;
  }

 private:
  bool array(ondemand::value& value, int depth) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return false;
    const auto begin = out_.size();
    append_size(out_, 'a', 0);
    std::uint64_t count = 0;
    for (auto one : array) {
      ondemand::value item;
      if (std::move(one).get(item) != simdjson::SUCCESS || !this->value(item, depth + 1)) return false;
      ++count;
    }
    std::memcpy(out_.data() + begin + 1, &count, 8);
    return true;
  }

  /// By value: 1, 1.0 and 1e0 are the same. What no number holds exactly stands as it was written.
  bool number(ondemand::value& value) {
    auto token = value.raw_json_token();
    while (!token.empty() && static_cast<unsigned char>(token.back()) <= ' ') token.remove_suffix(1);
    ondemand::number number;
    if (value.get_number().get(number) != simdjson::SUCCESS) {
      append_text(out_, '#', token);
      return true;
    }
    if (!number.is_double()) {
      append_size(
          out_, number.is_uint64() ? 'u' : 'i',
          number.is_uint64() ? number.get_uint64() : std::bit_cast<std::uint64_t>(number.get_int64()));
      return true;
    }
    const double real = number.get_double();
    constexpr double kExact = 9007199254740992;  // 2^53
    if (real >= -kExact && real <= kExact && real == static_cast<double>(static_cast<std::int64_t>(real))) {
      append_size(out_, 'i', std::bit_cast<std::uint64_t>(static_cast<std::int64_t>(real)));
    } else {
      append_size(out_, 'd', std::bit_cast<std::uint64_t>(real));
    }
    return true;
  }

  std::string_view name(const Member& member) const {
    return std::string_view(out_).substr(member.begin + 9, member.name_end - member.begin - 9);
  }

  bool says(std::string_view name, std::string_view form) const {
    return std::find(refused_.begin(), refused_.end(), name) != refused_.end() && form != "n" && form != "f";
  }

  void sort(std::size_t first) {
    const auto from = members_.begin() + static_cast<std::ptrdiff_t>(first);
    const auto before = [this](const Member& x, const Member& y) { return name(x) < name(y); };
    if (!std::is_sorted(from, members_.end(), before)) {
      const auto begin = from->begin;
      std::stable_sort(from, members_.end(), before);
      moved_.clear();
      for (auto at = from; at != members_.end(); ++at) moved_.append(out_, at->begin, at->end - at->begin);
      out_.replace(begin, moved_.size(), moved_);
    }
    members_.resize(first);
  }

  std::string& out_;
  std::span<const std::string_view> refused_;
  std::vector<Member> members_;  ///< of the objects that are open, innermost last
  std::string moved_;
};

}  // namespace

bool left_out(std::string_view member) {
  return std::find(kLeftOut.begin(), kLeftOut.end(), member) != kLeftOut.end();
}

bool append_canonical(std::string_view body, std::string& out, std::span<const std::string_view> refused) {
  thread_local ondemand::parser parser;
  thread_local std::string padded;
  padded.reserve(body.size() + simdjson::SIMDJSON_PADDING);
  padded.assign(body);
  ondemand::document document;
  ondemand::object object;
  if (parser.iterate(simdjson::padded_string_view(padded.data(), padded.size(), padded.capacity()))
          .get(document) != simdjson::SUCCESS)
    return false;
  if (document.get_object().get(object) != simdjson::SUCCESS) return false;
  return Writer(out, refused).object(object, 0, true);
}

}  // namespace troupe::cache
