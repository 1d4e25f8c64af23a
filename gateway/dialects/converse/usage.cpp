#include "gateway/dialects/converse/usage.hpp"

#include <algorithm>

namespace troupe::dialects::converse {
namespace {

/// `count(name)` is the figure of that name, 0 when there is none; `hour` what was written for an hour.
template <class Count>
Usage usage_of(const Count& count, std::int64_t hour) {
  const auto figure = [&](std::string_view name) {
    return std::clamp<std::int64_t>(count(name), 0, std::int64_t{1} << 50);
  };
  // Some answers say the figures of the cache under two names, some under one.
  const auto cached_read = std::max(figure("cacheReadInputTokens"), figure("cacheReadInputTokenCount"));
  const auto cached_write = std::max(figure("cacheWriteInputTokens"), figure("cacheWriteInputTokenCount"));
  Usage out;
  out.input = {figure("inputTokens") + cached_read + cached_write};
  out.output = {figure("outputTokens")};
  out.cached_read = {cached_read};
  out.cached_write = {cached_write};
  out.cached_write_1h = {std::clamp<std::int64_t>(hour, 0, cached_write)};
  return out;
}

}  // namespace

Usage read_usage(const Json& usage) {
  std::int64_t hour = 0;
  if (const auto* details = member(usage, "cacheDetails"); details && details->is_array()) {
    for (const auto& one : *details) {
      if (text(one, "ttl") == "1h") hour = whole(one, "inputTokens").value_or(0);
    }
  }
  return usage_of([&](std::string_view name) { return whole(usage, name).value_or(0); }, hour);
}

Usage read_usage(const doc::object& usage) {
  std::int64_t hour = 0;
  doc::array details;
  if (usage["cacheDetails"].get(details) == simdjson::SUCCESS) {
    for (const auto one : details) {
      doc::object detail;
      if (one.get(detail) == simdjson::SUCCESS && doc::text_of(detail, "ttl") == "1h")
        hour = doc::count_of(detail, "inputTokens");
    }
  }
  return usage_of([&](std::string_view name) { return doc::count_of(usage, name); }, hour);
}

nlohmann::ordered_json usage_json(const Usage& usage) {
  const auto cached = usage.cached_read.count + usage.cached_write.count;
  nlohmann::ordered_json out = {{"inputTokens", std::max<std::int64_t>(0, usage.input.count - cached)},
                                {"outputTokens", usage.output.count},
                                {"totalTokens", usage.input.count + usage.output.count},
                                {"cacheReadInputTokens", usage.cached_read.count},
                                {"cacheWriteInputTokens", usage.cached_write.count}};
  if (usage.cached_write.count > 0) {
    out["cacheDetails"] = {
        {{"ttl", "5m"}, {"inputTokens", usage.cached_write.count - usage.cached_write_1h.count}},
        {{"ttl", "1h"}, {"inputTokens", usage.cached_write_1h.count}}};
  }
  return out;
}

}  // namespace troupe::dialects::converse
