#include "gateway/dialects/responses/usage.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>

namespace troupe::dialects::responses {
namespace {

/// Parts are never more than their whole, whatever the provider counts.
Usage within(Usage usage) {
  usage.cached_read = std::min(usage.cached_read, usage.input);
  usage.cached_write = std::min(usage.cached_write, usage.input - usage.cached_read);
  usage.reasoning = std::min(usage.reasoning, usage.output);
  return usage;
}

Tokens count(const Json& from, std::string_view name) {
  return {std::max<std::int64_t>(0, whole(from, name).value_or(0))};
}

}  // namespace

Usage read_usage(const doc::object& from) {
  Usage usage;
  doc::object details;
  usage.input = {doc::count_of(from, "input_tokens")};
  usage.output = {doc::count_of(from, "output_tokens")};
  if (doc::object_of(from, "input_tokens_details").get(details) == simdjson::SUCCESS) {
    usage.cached_read = {doc::count_of(details, "cached_tokens")};
    usage.cached_write = {doc::count_of(details, "cache_write_tokens")};
  }
  if (doc::object_of(from, "output_tokens_details").get(details) == simdjson::SUCCESS) {
    usage.reasoning = {doc::count_of(details, "reasoning_tokens")};
  }
  return within(usage);
}

Usage read_usage(const Json& from) {
  Usage usage;
  usage.input = count(from, "input_tokens");
  usage.output = count(from, "output_tokens");
  if (const auto* details = member(from, "input_tokens_details")) {
    usage.cached_read = count(*details, "cached_tokens");
    usage.cached_write = count(*details, "cache_write_tokens");
  }
  if (const auto* details = member(from, "output_tokens_details")) {
    usage.reasoning = count(*details, "reasoning_tokens");
  }
  return within(usage);
}

void append_usage(std::string& out, const Usage& usage) {
  const auto to = std::back_inserter(out);
  fmt::format_to(to, R"({{"input_tokens":{},"input_tokens_details":{{"cached_tokens":{})", usage.input.count,
                 usage.cached_read.count);
  if (usage.cached_write.count > 0)
    fmt::format_to(to, R"(,"cache_write_tokens":{})", usage.cached_write.count);
  fmt::format_to(
      to, R"(}},"output_tokens":{},"output_tokens_details":{{"reasoning_tokens":{}}},"total_tokens":{}}})",
      usage.output.count, usage.reasoning.count, usage.input.count + usage.output.count);
}

}  // namespace troupe::dialects::responses
