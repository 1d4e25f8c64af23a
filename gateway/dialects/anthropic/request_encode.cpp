#include "gateway/dialects/anthropic/codec.hpp"
#include "gateway/dialects/anthropic/encode.hpp"
#include "gateway/dialects/foreign.hpp"

namespace troupe::dialects::anthropic {
namespace {

constexpr std::string_view kJsonOnly =
    "Answer with one valid JSON object and nothing else: no Markdown fences, no text around it.";

void add_format(const Format& format, Ordered& system, Ordered& out) {
  if (format.kind == Format::Kind::json) system.push_back({{"type", "text"}, {"text", kJsonOnly}});
  if (format.kind == Format::Kind::schema)
    out["output_config"]["format"] = {{"type", "json_schema"}, {"schema", Ordered(format.schema)}};
}

}  // namespace

Result<std::string> encode_request(const Conversation& talk, const Target& target) {
  const bool native = talk.origin == Dialect::anthropic;
  Ordered out = Ordered::object();
  if (target.flavour == "vertex") {
    out["anthropic_version"] = kVertexVersion;
  } else {
    out["model"] = target.model;
  }
  out["max_tokens"] = talk.sampling.max_output.value_or(kDefaultMaxTokens);
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
