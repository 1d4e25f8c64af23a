#include <algorithm>
#include <array>

#include "gateway/dialects/converse/encode.hpp"

namespace troupe::dialects::converse {
namespace {

/// Fields of other dialects that change what the answer is. `content`: the conversation itself lies behind
/// it, so that it is never dropped.
struct Foreign {
  std::string_view name;
  bool content;
  std::string_view why;
};
constexpr std::array<Foreign, 11> kForeign{{
    {"logit_bias", false, "Bedrock Converse has no counterpart; leave it out"},
    {"audio", false, "Bedrock Converse answers in text"},
    {"functions", false, "use 'tools'"},
    {"function_call", false, "use 'tool_choice'"},
    {"web_search_options", false, "Bedrock Converse has no counterpart; leave it out"},
    {"background", false, "Bedrock models answer at once"},
    {"mcp_servers", false, "Bedrock Converse calls no MCP servers"},
    {"container", false, "Bedrock Converse has no containers"},
    {"previous_response_id", true, "no answers are stored for this model; send the whole conversation"},
    {"conversation", true, "no conversations are stored for this model; send the whole conversation"},
    {"prompt", true, "no prompts are stored for this model; send the whole conversation"},
}};

bool is_set(const Json& value) {
  if (value.is_null() || value == false || value == 0 || value == "") return false;
  return !(value.is_structured() && value.empty());
}

Result<void> check_extras(const Writing& writing) {
  for (const auto& [name, value] : writing.talk.extras) {
    for (const auto& known : kForeign) {
      if (known.name == name && is_set(value) && (known.content || !writing.target.drop))
        return unsupported(name, known.why);
    }
  }
  return {};
}

/// What requestMetadata takes: 16 members, names and values of at most 256 of these.
bool is_label(std::string_view text) {
  const auto fits = [](char c) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return word || std::string_view(" :_@$#=/+,-.").find(c) != std::string_view::npos;
  };
  return text.size() <= 256 && std::all_of(text.begin(), text.end(), fits);
}

/// Of others' metadata only what fits: it is for the caller's own books.
void add_metadata(const Conversation& talk, Ordered& out) {
  constexpr std::size_t kMost = 16;
  Ordered labels = Ordered::object();
  const auto add = [&](const std::string& name, const std::string& value) {
    if (labels.size() < kMost && !name.empty() && is_label(name) && is_label(value)) labels[name] = value;
  };
  if (!talk.user.empty()) add("user", talk.user);
  if (talk.metadata.is_object()) {
    for (const auto& [name, value] : talk.metadata.items()) {
      if (value.is_string()) add(name, value.get<std::string>());
    }
  }
  if (!labels.empty()) out["requestMetadata"] = std::move(labels);
}

void add_own(const Conversation& talk, Ordered& out) {
  if (!talk.metadata.is_null()) out["requestMetadata"] = Ordered(talk.metadata);
  if (!talk.service_tier.empty()) out["serviceTier"] = {{"type", talk.service_tier}};
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
  Writing writing{talk, target, model_of(target), talk.origin == Dialect::converse};
  Ordered out = Ordered::object();
  if (auto done = writing.native ? Result<void>() : check_extras(writing); !done)
    return tl::unexpected<Error>(done.error());
  // Thoughts come after what they change.
  if (auto done = add_messages(writing, out); !done) return tl::unexpected<Error>(done.error());
  for (const auto step : {add_tools, add_sampling, add_format}) {
    if (auto done = step(writing, out); !done) return tl::unexpected<Error>(done.error());
  }
  add_thinking(writing, out);
  if (writing.native) {
    add_own(talk, out);
  } else {
    add_metadata(talk, out);
  }
  for (const auto* name : {"inferenceConfig", "additionalModelRequestFields"}) {
    if (out.contains(name) && out[name].empty()) out.erase(name);
  }
  return out.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace troupe::dialects::converse
