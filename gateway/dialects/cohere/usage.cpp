#include "gateway/dialects/cohere/usage.hpp"

#include <algorithm>

namespace troupe::dialects::cohere {

std::optional<Usage> find_usage(const doc::object& answer) {
  doc::object from, tokens;
  if (doc::object_of(answer, "usage").get(from) != simdjson::SUCCESS) return std::nullopt;
  if (doc::object_of(from, "tokens").get(tokens) != simdjson::SUCCESS) return find_billed(answer);
  Usage usage;
  usage.input = {doc::count_of(tokens, "input_tokens") + doc::count_of(tokens, "image_tokens")};
  usage.output = {doc::count_of(tokens, "output_tokens")};
  usage.reasoning = std::min(Tokens{doc::count_of(tokens, "reasoning_tokens")}, usage.output);
  usage.cached_read = std::min(Tokens{doc::count_of(from, "cached_tokens")}, usage.input);
  return usage;
}

std::optional<Usage> find_billed(const doc::object& answer) {
  for (const auto* place : {"usage", "meta"}) {
    doc::object from, units;
    if (doc::object_of(answer, place).get(from) != simdjson::SUCCESS) continue;
    if (doc::object_of(from, "billed_units").get(units) != simdjson::SUCCESS) continue;
    Usage usage;
    usage.input = {doc::count_of(units, "input_tokens") + doc::count_of(units, "image_tokens")};
    usage.output = {doc::count_of(units, "output_tokens")};
    return usage;
  }
  return std::nullopt;
}

nlohmann::ordered_json usage_json(const Usage& usage) {
  return {{"billed_units", {{"input_tokens", usage.input.count}, {"output_tokens", usage.output.count}}},
          {"tokens",
           {{"input_tokens", usage.input.count},
            {"output_tokens", usage.output.count},
            {"reasoning_tokens", usage.reasoning.count}}},
          {"cached_tokens", usage.cached_read.count}};
}

}  // namespace troupe::dialects::cohere
