#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "gateway/dialects/converse/decode.hpp"

namespace troupe::dialects::converse {
namespace {

using Done = Result<void>;

/// Fields that stand in the model, or are Troupe's own; every other one is an extra.
constexpr std::array<std::string_view, 11> kKnown{
    "messages",     "system",          "inferenceConfig", "toolConfig", "additionalModelRequestFields",
    "outputConfig", "requestMetadata", "serviceTier",     "max_cost",   "max_latency_ms",
    "fallback"};

Done check_shapes(const Json& from) {
  for (const auto* name : {"inferenceConfig", "toolConfig", "additionalModelRequestFields", "outputConfig",
                           "requestMetadata", "serviceTier"}) {
    const auto* value = member(from, name);
    if (value && !value->is_object()) return invalid(name, "expected an object");
  }
  return {};
}

Done take_messages(const Json& from, Conversation& out) {
  if (const auto* system = member(from, "system")) {
    auto parts = decode_content(*system, "system");
    if (!parts) return tl::unexpected<Error>(parts.error());
    if (!parts->empty()) out.messages.push_back({Role::system, std::move(*parts), ""});
  }
  const auto* messages = member(from, "messages");
  if (!messages || !messages->is_array() || messages->empty())
    return invalid("messages", "expected an array of at least one message");
  for (std::size_t i = 0; i < messages->size(); ++i) {
    if (auto done = decode_message((*messages)[i], fmt::format("messages.{}", i), out.messages); !done)
      return done;
  }
  return {};
}

}  // namespace

Result<Conversation> decode_request(std::string_view body) {
  const auto from = read(body);
  if (!from.is_object()) return invalid("body", "expected a JSON object");
  if (auto done = check_shapes(from); !done) return tl::unexpected<Error>(done.error());
  Conversation out;
  out.origin = Dialect::converse;
  if (auto done = take_messages(from, out); !done) return tl::unexpected<Error>(done.error());
  if (auto done = decode_settings(from, out); !done) return tl::unexpected<Error>(done.error());
  if (const auto* metadata = member(from, "requestMetadata")) out.metadata = *metadata;
  if (const auto* tier = member(from, "serviceTier")) out.service_tier = text(*tier, "type");
  for (const auto& [name, value] : from.items()) {
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end()) out.extras.emplace_back(name, value);
  }
  resolve_tool_names(out);
  return out;
}

}  // namespace troupe::dialects::converse
