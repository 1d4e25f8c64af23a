#include "gateway/dialects/anthropic/encode.hpp"
#include "gateway/dialects/anthropic/usage.hpp"
#include "gateway/dialects/anthropic/words.hpp"
#include "gateway/dialects/seal.hpp"

namespace troupe::dialects::anthropic {
namespace {

/// An answer on its way to a client: nothing is refused any more, what has no place is left out.
class Writer {
 public:
  explicit Writer(std::string id) : id_(std::move(id)) {}

  void operator()(const Text& part) {
    if (part.text.empty() && part.citations.empty()) return;
    Ordered block = {{"type", "text"}, {"text", part.text}};
    for (const auto& citation : part.citations) block["citations"].push_back(citation_json(citation));
    content.push_back(std::move(block));
  }
  void operator()(const ToolCall& part) {
    if (!part.signature.empty()) redact(std::string(kCallSeal) + part.signature);
    content.push_back({{"type", "tool_use"},
                       {"id", call_id(part.id, id_, calls++)},
                       {"name", part.name},
                       {"input", Ordered(arguments_object(part.arguments))}});
  }
  void operator()(const Reasoning& part) {
    const auto seal =
        part.signature.empty() ? std::string() : write_seal(part.origin, part.signature, Dialect::anthropic);
    if (part.redacted) return redact(seal);
    content.push_back({{"type", "thinking"}, {"thinking", part.text}, {"signature", seal}});
  }
  void operator()(const Refusal& part) {
    refused = true;
    if (!part.text.empty()) content.push_back({{"type", "text"}, {"text", part.text}});
  }
  void operator()(const Opaque& part) {
    if (part.origin == Dialect::anthropic) content.push_back(Ordered(part.json));
  }
  void operator()(const Media&) {}
  void operator()(const ToolResult&) {}

  Ordered content = Ordered::array();
  std::size_t calls = 0;
  bool refused = false;

 private:
  void redact(std::string data) {
    content.push_back({{"type", "redacted_thinking"}, {"data", std::move(data)}});
  }

  std::string id_;
};

Ordered or_null(const std::string& text) {
  return text.empty() ? Ordered(nullptr) : Ordered(text);
}

}  // namespace

std::string encode_reply(const Reply& reply, const Framing& framing) {
  const auto id = message_id(reply.id, framing);
  Writer writer(id);
  for (const auto& part : reply.parts) std::visit(writer, part.is);
  const auto stop = stop_word(reply.finish, writer.calls > 0, writer.refused);
  Ordered out = {{"id", id},
                 {"type", "message"},
                 {"role", "assistant"},
                 {"model", reply.model.empty() ? framing.model : reply.model},
                 {"content", std::move(writer.content)},
                 {"stop_reason", stop},
                 {"stop_sequence", or_null(reply.stop_sequence)}};
  if (stop == "refusal" && !reply.finish_detail.empty()) {
    out["stop_details"] = {{"type", "refusal"}, {"category", nullptr}, {"explanation", reply.finish_detail}};
  }
  out["usage"] = usage_json(reply.usage.value_or(Usage{}));
  if (!reply.service_tier.empty()) out["usage"]["service_tier"] = reply.service_tier;
  return out.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace troupe::dialects::anthropic
