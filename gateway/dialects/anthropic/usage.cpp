#include "gateway/dialects/anthropic/usage.hpp"

#include <algorithm>

namespace troupe::dialects::anthropic {

/// `read(outer, inner)` is the figure `inner` of the object `outer` ("" = the usage itself), when it is one.
template <class Read>
void Tally::fill(const Read& read) {
  const auto update = [&](std::string_view outer, std::string_view inner, std::int64_t& into) {
    into = std::clamp<std::int64_t>(read(outer, inner).value_or(into), 0, std::int64_t{1} << 50);
  };
  update("", "input_tokens", input_);
  update("", "cache_read_input_tokens", read_);
  update("", "cache_creation_input_tokens", written_);
  update("", "output_tokens", output_);
  update("cache_creation", "ephemeral_1h_input_tokens", written_1h_);
  update("output_tokens_details", "thinking_tokens", thinking_);
}

void Tally::take(const doc::object& usage) {
  fill([&](std::string_view outer, std::string_view inner) -> std::optional<std::int64_t> {
    doc::object within = usage;
    doc::element value;
    if (!outer.empty() && usage[outer].get(within) != simdjson::SUCCESS) return std::nullopt;
    if (within[inner].get(value) != simdjson::SUCCESS || !value.is_number()) return std::nullopt;
    return doc::count_of(value);
  });
}

void Tally::take(const Json& usage) {
  fill([&](std::string_view outer, std::string_view inner) -> std::optional<std::int64_t> {
    const auto* within = outer.empty() ? &usage : member(usage, outer);
    return within ? whole(*within, inner) : std::nullopt;
  });
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

nlohmann::ordered_json usage_json(const Usage& usage) {
  const auto cached = usage.cached_read.count + usage.cached_write.count;
  nlohmann::ordered_json out = {{"input_tokens", std::max<std::int64_t>(0, usage.input.count - cached)},
                                {"cache_creation_input_tokens", usage.cached_write.count},
                                {"cache_read_input_tokens", usage.cached_read.count}};
  if (usage.cached_write.count > 0) {
    out["cache_creation"] = {
        {"ephemeral_5m_input_tokens", usage.cached_write.count - usage.cached_write_1h.count},
        {"ephemeral_1h_input_tokens", usage.cached_write_1h.count}};
  }
  out["output_tokens"] = usage.output.count;
  if (usage.reasoning.count > 0) out["output_tokens_details"] = {{"thinking_tokens", usage.reasoning.count}};
  return out;
}

}  // namespace troupe::dialects::anthropic
