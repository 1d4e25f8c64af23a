#include "gateway/dialects/foreign.hpp"

#include <array>

namespace troupe::dialects {
namespace {

/// `content`: the conversation itself lies behind it.
struct Foreign {
  std::string_view name;
  bool content;
  std::string_view why;
};
constexpr std::string_view kNoCounterpart = "this model's API has no counterpart; leave it out";
constexpr std::array<Foreign, 11> kForeign{{
    {"logit_bias", false, kNoCounterpart},
    {"audio", false, "this model's API answers in text"},
    {"functions", false, "use 'tools'"},
    {"function_call", false, "use 'tool_choice'"},
    {"web_search_options", false, kNoCounterpart},
    {"background", false, "this model's API answers at once"},
    {"mcp_servers", false, "this model's API calls no MCP servers"},
    {"container", false, "this model's API has no containers"},
    {"previous_response_id", true, "no answers are stored for this model; send the whole conversation"},
    {"conversation", true, "no conversations are stored for this model; send the whole conversation"},
    {"prompt", true, "no prompts are stored for this model; send the whole conversation"},
}};

bool is_set(const Json& value) {
  if (value.is_null() || value == false || value == 0 || value == "") return false;
  return !(value.is_structured() && value.empty());
}

}  // namespace

Result<void> check_extras(const Conversation& talk, const Target& target) {
  for (const auto& [name, value] : talk.extras) {
    for (const auto& known : kForeign) {
      if (known.name == name && is_set(value) && (known.content || !target.drop))
        return unsupported(name, known.why);
    }
  }
  return {};
}

void add_extras(const Conversation& talk, nlohmann::ordered_json& out) {
  for (const auto& [name, value] : talk.extras) {
    if (value.is_object() && out.contains(name) && out[name].is_object()) {
      out[name].update(nlohmann::ordered_json(value));
    } else if (!out.contains(name)) {
      out[name] = nlohmann::ordered_json(value);
    }
  }
}

}  // namespace troupe::dialects
