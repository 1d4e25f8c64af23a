#include <algorithm>

#include "gateway/dialects/converse/encode.hpp"
#include "gateway/dialects/foreign.hpp"

namespace troupe::dialects::converse {
namespace {

constexpr std::string_view kNoCounterpart = "Bedrock Converse has no counterpart; leave it out";

void check(const Sampling& from, Gate& gate) {
  gate.refuse(from.choices.value_or(1) > 1, "n", "Bedrock gives one choice; ask several times instead");
  gate.refuse(from.logprobs, "logprobs", kNoCounterpart);
  gate.refuse(from.top_logprobs.value_or(0) > 0, "top_logprobs", kNoCounterpart);
  gate.refuse(from.seed.has_value(), "seed", kNoCounterpart);
  gate.refuse(from.frequency_penalty.value_or(0) != 0, "frequency_penalty", kNoCounterpart);
  gate.refuse(from.presence_penalty.value_or(0) != 0, "presence_penalty", kNoCounterpart);
}

/// What a client of this dialect said.
void repeat(const Sampling& from, Ordered& config, Ordered& fields) {
  if (from.temperature) config["temperature"] = *from.temperature;
  if (from.top_p) config["topP"] = *from.top_p;
  if (!from.stop.empty()) config["stopSequences"] = from.stop;
  if (from.top_k) fields["top_k"] = *from.top_k;
}

void add_top_k(const Writing& writing, Gate& gate, Ordered& fields) {
  const auto k = writing.talk.sampling.top_k.value_or(0);
  if (k <= 0) return;
  if (writing.model.claude()) {
    fields["top_k"] = k;
  } else if (writing.model.nova()) {
    fields["inferenceConfig"]["topK"] = k;
  } else {
    gate.refuse(true, "top_k", kNoCounterpart);
  }
}

/// Claude refuses temperature and top_p together from 4.1 on: the one that changes nothing goes; from 4.7 on
/// it refuses both.
void add_heat(const Writing& writing, Ordered& config) {
  const auto& from = writing.talk.sampling;
  const auto& model = writing.model;
  auto heat = from.temperature;
  auto nucleus = from.top_p;
  if (heat) heat = std::clamp(*heat, 0.0, 1.0);
  if (model.claude() && heat && nucleus && *nucleus >= 1) nucleus.reset();
  if (model.claude() && heat && nucleus && *heat >= 1) heat.reset();
  if (writing.target.drop && model.claude() && model.version >= 47) return;
  if (heat) config["temperature"] = *heat;
  if (nucleus) config["topP"] = std::clamp(*nucleus, 0.0, 1.0);
}

void add_stops(const Writing& writing, Gate& gate, Ordered& config, Ordered& out) {
  const auto& model = writing.model;
  const auto* field = writing.talk.origin == Dialect::anthropic ? "stop_sequences" : "stop";
  for (const auto& stop : writing.talk.sampling.stop) {
    const bool blank = stop.find_first_not_of(" \t\r\n") == stop.npos;
    gate.refuse(blank && model.claude(), field, "Claude takes no stop sequence that is only white space");
    if (!stop.empty() && !(blank && model.claude())) config["stopSequences"].push_back(stop);
  }
  // Which of them it was is only told when it is asked for.
  if (model.claude() && config.contains("stopSequences"))
    out["additionalModelResponseFieldPaths"].push_back("/stop_sequence");
}

}  // namespace

Result<void> add_sampling(const Writing& writing, Ordered& out) {
  Gate gate(writing.target.drop);
  const auto& from = writing.talk.sampling;
  Ordered config = Ordered::object(), fields = Ordered::object();
  check(from, gate);
  if (from.max_output) config["maxTokens"] = *from.max_output;
  if (writing.native) {
    repeat(from, config, fields);
  } else {
    add_heat(writing, config);
    add_stops(writing, gate, config, out);
    add_top_k(writing, gate, fields);
  }
  if (!config.empty()) out["inferenceConfig"] = std::move(config);
  if (!fields.empty()) out["additionalModelRequestFields"].update(fields);
  return gate.done();
}

}  // namespace troupe::dialects::converse
