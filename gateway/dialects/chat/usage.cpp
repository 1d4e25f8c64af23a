#include "gateway/dialects/chat/usage.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>

namespace troupe::dialects::chat {
namespace {

/// The first count above 0 among a nested one and the flat spellings.
std::int64_t first_of(const doc::object& usage, std::string_view nested, std::string_view inner,
                      std::initializer_list<std::string_view> flat) {
  doc::object details;
  if (doc::object_of(usage, nested).get(details) == simdjson::SUCCESS) {
    if (const auto count = doc::count_of(details, inner)) return count;
  }
  for (const auto name : flat) {
    if (const auto count = doc::count_of(usage, name)) return count;
  }
  return 0;
}

}  // namespace

Usage read_usage(const doc::object& from) {
  Usage usage;
  usage.input = {doc::count_of(from, "prompt_tokens")};
  usage.output = {doc::count_of(from, "completion_tokens")};
  usage.cached_read = {first_of(from, "prompt_tokens_details", "cached_tokens",
                                {"prompt_cache_hit_tokens", "cached_tokens", "num_cached_tokens"})};
  usage.cached_write = {first_of(from, "prompt_tokens_details", "cache_write_tokens", {})};
  usage.reasoning = {first_of(from, "completion_tokens_details", "reasoning_tokens", {"reasoning_tokens"})};
  const auto total = doc::count_of(from, "total_tokens");
  const auto beyond = total - usage.input.count - usage.output.count;
  if (usage.reasoning.count > 0 && beyond > 0)
    usage.output += Tokens{std::min(beyond, usage.reasoning.count)};
  usage.cached_read = std::min(usage.cached_read, usage.input);
  usage.cached_write = std::min(usage.cached_write, usage.input - usage.cached_read);
  usage.reasoning = std::min(usage.reasoning, usage.output);
  return usage;
}

std::optional<Usage> find_usage(const doc::object& answer) {
  doc::object usage, groq;
  if (doc::object_of(answer, "usage").get(usage) == simdjson::SUCCESS) return read_usage(usage);
  if (doc::object_of(answer, "x_groq").get(groq) != simdjson::SUCCESS) return std::nullopt;
  if (doc::object_of(groq, "usage").get(usage) != simdjson::SUCCESS) return std::nullopt;
  return read_usage(usage);
}

void append_usage(std::string& out, const Usage& usage) {
  fmt::format_to(
      std::back_inserter(out),
      R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{},"prompt_tokens_details":{{"cached_tokens":{},)"
      R"("cache_write_tokens":{}}},"completion_tokens_details":{{"reasoning_tokens":{}}}}})",
      usage.input.count, usage.output.count, usage.input.count + usage.output.count, usage.cached_read.count,
      usage.cached_write.count, usage.reasoning.count);
}

}  // namespace troupe::dialects::chat
