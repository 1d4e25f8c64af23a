#include "gateway/dialects/gemini/encode.hpp"
#include "gateway/dialects/gemini/words.hpp"
#include "gateway/dialects/gemini/write.hpp"
#include "gateway/dialects/json.hpp"
#include "gateway/dialects/seal.hpp"

namespace troupe::dialects::gemini {
namespace {

/// Appends each part with its comma; nothing for what this dialect cannot say.
struct Writer {
  std::string& out;
  std::vector<Citation>& citations;

  void operator()(const Text& part) {
    append_text(out, part.text, false, {});
    out += ',';
    citations.insert(citations.end(), part.citations.begin(), part.citations.end());
  }
  void operator()(const Reasoning& part) {
    const auto seal =
        part.signature.empty() ? std::string() : write_seal(part.origin, part.signature, Dialect::gemini);
    append_text(out, part.text, !part.redacted, seal);
    out += ',';
  }
  void operator()(const Refusal& part) {
    append_text(out, part.text, false, {});
    out += ',';
  }
  void operator()(const ToolCall& part) {
    append_call(out, part);
    out += ',';
  }
  void operator()(const Opaque& part) {
    if (part.origin == Dialect::gemini) out.append(dump(part.json)).append(",");
  }
  void operator()(const Media&) {}
  void operator()(const ToolResult&) {}
};

}  // namespace

std::string encode_reply(const Reply& reply, const Framing& framing) {
  std::string out = R"({"candidates":[{"content":{"role":"model","parts":[)";
  Tail tail{reply.finish, reply.finish_detail, reply.usage, reply.service_tier, {}};
  Writer writer{out, tail.citations};
  for (const auto& part : reply.parts) std::visit(writer, part.is);
  if (out.back() == ',') out.pop_back();
  out += "]}";
  append_tail(out, tail);
  append_head(out, reply.id.empty() ? framing.id : reply.id,
              reply.model.empty() ? framing.model : reply.model,
              reply.created > 0 ? reply.created : framing.created);
  out += '}';
  return out;
}

}  // namespace troupe::dialects::gemini
