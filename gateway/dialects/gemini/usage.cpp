#include "gateway/dialects/gemini/usage.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>

#include "core/log.hpp"

namespace troupe::dialects::gemini {

/// What tools brought in is prompt as well; thoughts are not among the candidates' tokens.
std::optional<Usage> find_usage(const doc::object& answer) {
  doc::object from;
  if (doc::object_of(answer, "usageMetadata").get(from) != simdjson::SUCCESS) return std::nullopt;
  doc::element told;
  if (from["promptTokenCount"].get(told) != simdjson::SUCCESS &&
      from["candidatesTokenCount"].get(told) != simdjson::SUCCESS &&
      from["totalTokenCount"].get(told) != simdjson::SUCCESS)
    return std::nullopt;
  Usage usage;
  usage.input = {doc::count_of(from, "promptTokenCount") + doc::count_of(from, "toolUsePromptTokenCount")};
  usage.reasoning = {doc::count_of(from, "thoughtsTokenCount")};
  usage.output = Tokens{doc::count_of(from, "candidatesTokenCount")} + usage.reasoning;
  usage.cached_read = std::min(Tokens{doc::count_of(from, "cachedContentTokenCount")}, usage.input);
  return usage;
}

void append_usage(std::string& out, const Usage& usage, const std::string& tier) {
  const auto shown = usage.output.count - usage.reasoning.count;
  fmt::format_to(std::back_inserter(out),
                 R"({{"promptTokenCount":{},"candidatesTokenCount":{},"totalTokenCount":{})",
                 usage.input.count, shown, usage.input.count + usage.output.count);
  if (usage.cached_read.count > 0)
    fmt::format_to(std::back_inserter(out), R"(,"cachedContentTokenCount":{})", usage.cached_read.count);
  if (usage.reasoning.count > 0)
    fmt::format_to(std::back_inserter(out), R"(,"thoughtsTokenCount":{})", usage.reasoning.count);
  if (!tier.empty()) {
    out += R"(,"serviceTier":)";
    log::append_json_string(out, tier);
  }
  out += '}';
}

}  // namespace troupe::dialects::gemini
