#include <array>

#include "gateway/dialects/anthropic/encode.hpp"

namespace troupe::dialects::anthropic {
namespace {

constexpr std::string_view kJsonOnly =
    "Answer with one valid JSON object and nothing else: no Markdown fences, no text around it.";

/// Fields of other dialects that change what the answer is. `content`: the conversation itself lies behind
/// it, so that it is never dropped.
struct Foreign {
  std::string_view name;
  bool content;
  std::string_view why;
};
constexpr std::array<Foreign, 9> kForeign{{
    {"logit_bias", false, "Anthropic models have no counterpart; leave it out"},
    {"audio", false, "Anthropic models answer in text"},
    {"functions", false, "use 'tools'"},
    {"function_call", false, "use 'tool_choice'"},
    {"web_search_options", false, "Anthropic models have no counterpart; leave it out"},
    {"background", false, "Anthropic models answer at once"},
    {"previous_response_id", true, "no answers are stored for this model; send the whole conversation"},
    {"conversation", true, "no conversations are stored for this model; send the whole conversation"},
    {"prompt", true, "no prompts are stored for this model; send the whole conversation"},
}};

bool is_set(const Json& value) {
  if (value.is_null() || value == false || value == 0 || value == "") return false;
  return !(value.is_structured() && value.empty());
}

Result<void> check_extras(const Conversation& talk, const Target& target) {
  for (const auto& [name, value] : talk.extras) {
    for (const auto& known : kForeign) {
      if (known.name == name && is_set(value) && (known.content || !target.drop))
        return unsupported(name, known.why);
    }
  }
  return {};
}

void add_extras(const Conversation& talk, Ordered& out) {
  for (const auto& [name, value] : talk.extras) {
    if (value.is_object() && out.contains(name) && out[name].is_object()) {
      out[name].update(Ordered(value));
    } else if (!out.contains(name)) {
      out[name] = Ordered(value);
    }
  }
}

void add_format(const Format& format, Ordered& system, Ordered& out) {
  if (format.kind == Format::Kind::json) system.push_back({{"type", "text"}, {"text", kJsonOnly}});
  if (format.kind == Format::Kind::schema)
    out["output_config"]["format"] = {{"type", "json_schema"}, {"schema", Ordered(format.schema)}};
}

}  // namespace

Result<std::string> encode_request(const Conversation& talk, const Target& target) {
  const bool native = talk.origin == Dialect::anthropic;
  Ordered out = {{"model", target.model},
                 {"max_tokens", talk.sampling.max_output.value_or(kDefaultMaxTokens)}};
  if (auto done = native ? Result<void>() : check_extras(talk, target); !done)
    return tl::unexpected<Error>(done.error());
  auto messages = encode_messages(talk);
  if (!messages) return tl::unexpected<Error>(messages.error());
  if (auto done = add_tools(talk, target, messages->called, out); !done)
    return tl::unexpected<Error>(done.error());
  if (auto done = add_sampling(talk, target, out); !done) return tl::unexpected<Error>(done.error());
  add_format(talk.format, messages->system, out);
  add_thinking(talk, target, messages->open_tool_loop, out);
  if (!talk.user.empty()) out["metadata"]["user_id"] = talk.user;
  if (native && !talk.service_tier.empty()) out["service_tier"] = talk.service_tier;
  if (native) add_extras(talk, out);
  if (talk.stream) out["stream"] = true;
  if (!messages->system.empty()) out["system"] = std::move(messages->system);
  out["messages"] = std::move(messages->messages);
  return out.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace troupe::dialects::anthropic
