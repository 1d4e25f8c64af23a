#include <algorithm>
#include <array>

#include "gateway/dialects/anthropic/encode.hpp"
#include "gateway/dialects/foreign.hpp"

namespace troupe::dialects::anthropic {
namespace {

constexpr std::string_view kNoCounterpart = "Anthropic models have no counterpart; leave it out";

void check(const Sampling& from, Gate& gate) {
  gate.refuse(from.choices.value_or(1) > 1, "n", "Anthropic gives one choice; ask several times instead");
  gate.refuse(from.logprobs, "logprobs", kNoCounterpart);
  gate.refuse(from.top_logprobs.value_or(0) > 0, "top_logprobs", kNoCounterpart);
  gate.refuse(from.seed.has_value(), "seed", kNoCounterpart);
  gate.refuse(from.frequency_penalty.value_or(0) != 0, "frequency_penalty", kNoCounterpart);
  gate.refuse(from.presence_penalty.value_or(0) != 0, "presence_penalty", kNoCounterpart);
}

bool blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == text.npos;
}

/// The API refuses stop strings of white space.
void add_stops(const Sampling& from, Gate& gate, Ordered& out) {
  for (const auto& stop : from.stop) {
    gate.refuse(blank(stop), "stop", "Anthropic takes no stop sequence that is only white space");
    if (!blank(stop)) out["stop_sequences"].push_back(stop);
  }
}

/// From 4.1 on models refuse temperature and top_p together: the one that changes nothing goes.
void add_heat(const Sampling& from, const Target& target, Ordered& out) {
  auto heat = from.temperature;
  auto nucleus = from.top_p;
  if (heat) heat = std::clamp(*heat, 0.0, 1.0);
  if (heat && nucleus && *nucleus >= 1) nucleus.reset();
  if (heat && nucleus && *heat >= 1) heat.reset();
  if (target.drop && model_version(target.model) >= 47) return;  // refused there, whatever they are
  if (heat) out["temperature"] = *heat;
  if (nucleus) out["top_p"] = *nucleus;
  if (from.top_k && *from.top_k > 0) out["top_k"] = *from.top_k;
}

void repeat(const Sampling& from, Ordered& out) {
  if (from.temperature) out["temperature"] = *from.temperature;
  if (from.top_p) out["top_p"] = *from.top_p;
  if (from.top_k) out["top_k"] = *from.top_k;
  if (!from.stop.empty()) out["stop_sequences"] = from.stop;
}

}  // namespace

Result<void> add_sampling(const Conversation& talk, const Target& target, Ordered& out) {
  Gate gate(target.drop);
  check(talk.sampling, gate);
  if (talk.origin == Dialect::anthropic) {
    repeat(talk.sampling, out);
  } else {
    add_stops(talk.sampling, gate, out);
    add_heat(talk.sampling, target, out);
  }
  return gate.done();
}

}  // namespace troupe::dialects::anthropic
