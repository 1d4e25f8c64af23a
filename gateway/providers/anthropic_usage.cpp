#include "gateway/providers/anthropic_usage.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace troupe::providers::anthropic {
namespace {

void update(const json::object& from, std::string_view key, std::int64_t& into) {
  json::element value;
  if (from[key].get(value) == simdjson::SUCCESS && value.is_number()) into = json::count_of(value);
}

}  // namespace

void Tally::take(const json::object& from) {
  json::object inner;
  update(from, "input_tokens", input_);
  update(from, "cache_read_input_tokens", read_);
  update(from, "cache_creation_input_tokens", written_);
  update(from, "output_tokens", output_);
  if (json::object_of(from, "cache_creation").get(inner) == simdjson::SUCCESS) {
    update(inner, "ephemeral_1h_input_tokens", written_1h_);
  }
  if (json::object_of(from, "output_tokens_details").get(inner) == simdjson::SUCCESS) {
    update(inner, "thinking_tokens", thinking_);
  }
}

Usage Tally::usage() const {
  Usage usage;
  usage.input = {input_ + read_ + written_};
  usage.output = {output_};
  usage.cached_read = {read_};
  usage.cached_write = {written_};
  usage.cached_write_1h = {std::min(written_1h_, written_)};
  usage.reasoning = {std::min(thinking_, output_)};
  return usage;
}

std::string usage_json(const Usage& usage) {
  return fmt::format(
      R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{},"prompt_tokens_details":{{"cached_tokens":{},)"
      R"("cache_write_tokens":{}}},"completion_tokens_details":{{"reasoning_tokens":{}}}}})",
      usage.input.count, usage.output.count, usage.input.count + usage.output.count, usage.cached_read.count,
      usage.cached_write.count, usage.reasoning.count);
}

std::string_view finish_reason(std::string_view stop_reason) {
  if (stop_reason == "max_tokens" || stop_reason == "model_context_window_exceeded") return "length";
  if (stop_reason == "tool_use") return "tool_calls";
  return stop_reason == "refusal" ? "content_filter" : "stop";
}

}  // namespace troupe::providers::anthropic
