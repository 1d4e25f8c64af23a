#include "gateway/dialects/converse/encode.hpp"
#include "gateway/dialects/converse/formats.hpp"
#include "gateway/dialects/converse/usage.hpp"
#include "gateway/dialects/converse/words.hpp"
#include "gateway/dialects/seal.hpp"

namespace troupe::dialects::converse {
namespace {

/// An answer on its way to a client: nothing is refused any more, what has no place is left out.
struct Writer {
  Ordered content = Ordered::array();
  bool calls = false;

  void operator()(const Text& part) { content.push_back(text_json(part)); }
  void operator()(const Media& part) {
    if (part.kind != Media::Kind::image || part.data.empty()) return;
    content.push_back({{"image", {{"format", format_of(part)}, {"source", {{"bytes", part.data}}}}}});
  }
  void operator()(const ToolCall& part) {
    calls = true;
    content.push_back({{"toolUse",
                        {{"toolUseId", safe_call_id(part.id)},
                         {"name", part.name},
                         {"input", Ordered(arguments_object(part.arguments))}}}});
  }
  void operator()(const Reasoning& part) {
    const auto seal =
        part.signature.empty() ? std::string() : write_seal(part.origin, part.signature, Dialect::converse);
    content.push_back(thought_json(part, seal));
  }
  void operator()(const Refusal& part) {
    if (!part.text.empty()) content.push_back({{"text", part.text}});
  }
  void operator()(const Opaque& part) {
    if (part.origin == Dialect::converse) content.push_back(Ordered(part.json));
  }
  void operator()(const ToolResult&) {}
};

}  // namespace

std::string encode_reply(const Reply& reply, const Framing&) {
  Writer writer;
  for (const auto& part : reply.parts) std::visit(writer, part.is);
  Ordered message = {{"role", "assistant"}, {"content", std::move(writer.content)}};
  Ordered out = {{"output", {{"message", std::move(message)}}},
                 {"stopReason", stop_word(reply.finish, reply.finish_detail, writer.calls)}};
  if (!reply.stop_sequence.empty())
    out["additionalModelResponseFields"] = {{"stop_sequence", reply.stop_sequence}};
  if (reply.usage) out["usage"] = usage_json(*reply.usage);
  if (!reply.service_tier.empty()) out["serviceTier"] = {{"type", reply.service_tier}};
  out["metrics"] = {{"latencyMs", 0}};
  return out.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace troupe::dialects::converse
