#include "gateway/providers/openai_usage.hpp"

#include <algorithm>

namespace troupe::providers {
namespace {

/// The first count above 0 among a nested one and the flat spellings.
std::int64_t first_of(const json::object& usage, std::string_view nested, std::string_view inner,
                      std::initializer_list<std::string_view> flat) {
  json::object details;
  if (json::object_of(usage, nested).get(details) == simdjson::SUCCESS) {
    if (const auto count = json::count_of(details, inner)) return count;
  }
  for (const auto name : flat) {
    if (const auto count = json::count_of(usage, name)) return count;
  }
  return 0;
}

}  // namespace

Usage read_openai_usage(const json::object& from) {
  Usage usage;
  usage.input = {json::count_of(from, "prompt_tokens")};
  usage.output = {json::count_of(from, "completion_tokens")};
  usage.cached_read = {first_of(from, "prompt_tokens_details", "cached_tokens",
                                {"prompt_cache_hit_tokens", "cached_tokens", "num_cached_tokens"})};
  usage.cached_write = {first_of(from, "prompt_tokens_details", "cache_write_tokens", {})};
  usage.reasoning = {first_of(from, "completion_tokens_details", "reasoning_tokens", {"reasoning_tokens"})};
  const auto total = json::count_of(from, "total_tokens");
  const auto beyond = total - usage.input.count - usage.output.count;
  if (usage.reasoning.count > 0 && beyond > 0)
    usage.output += Tokens{std::min(beyond, usage.reasoning.count)};
  usage.cached_read = std::min(usage.cached_read, usage.input);
  usage.cached_write = std::min(usage.cached_write, usage.input - usage.cached_read);
  usage.reasoning = std::min(usage.reasoning, usage.output);
  return usage;
}

std::optional<Usage> find_openai_usage(const json::object& answer) {
  json::object usage, groq;
  if (json::object_of(answer, "usage").get(usage) == simdjson::SUCCESS) return read_openai_usage(usage);
  if (json::object_of(answer, "x_groq").get(groq) != simdjson::SUCCESS) return std::nullopt;
  if (json::object_of(groq, "usage").get(usage) != simdjson::SUCCESS) return std::nullopt;
  return read_openai_usage(usage);
}

}  // namespace troupe::providers
