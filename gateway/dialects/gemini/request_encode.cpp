#include <array>

#include "gateway/dialects/gemini/encode.hpp"

namespace troupe::dialects::gemini {
namespace {

/// Fields of other dialects that change what the answer is. `content`: the conversation itself lies behind
/// it, so that it is never dropped.
struct Foreign {
  std::string_view name;
  bool content;
  std::string_view why;
};
constexpr std::array<Foreign, 9> kForeign{{
    {"logit_bias", false, "Gemini models have no counterpart; leave it out"},
    {"audio", false, "Gemini models are asked for text here"},
    {"functions", false, "use 'tools'"},
    {"function_call", false, "use 'tool_choice'"},
    {"web_search_options", false, "not offered for Gemini models here; leave it out"},
    {"background", false, "Gemini models answer at once"},
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

}  // namespace

Result<std::string> encode_request(const Conversation& talk, const Target& target) {
  const bool native = talk.origin == Dialect::gemini;
  if (!native) {
    if (auto done = check_extras(talk, target); !done) return tl::unexpected<Error>(done.error());
  }
  auto messages = encode_messages(talk, target);
  if (!messages) return tl::unexpected<Error>(messages.error());
  Ordered out = Ordered::object();
  if (!messages->system.empty()) out["systemInstruction"] = {{"parts", std::move(messages->system)}};
  out["contents"] = std::move(messages->contents);
  if (auto done = add_tools(talk, target, out); !done) return tl::unexpected<Error>(done.error());
  auto config = encode_config(talk, target);
  if (!config) return tl::unexpected<Error>(config.error());
  if (!config->empty()) out["generationConfig"] = std::move(*config);
  if (native) add_extras(talk, out);
  return out.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace troupe::dialects::gemini
