#include "gateway/dialects/ollama/encode.hpp"
#include "gateway/dialects/ollama/words.hpp"
#include "gateway/dialects/time_text.hpp"

namespace troupe::dialects::ollama {
namespace {

/// Nothing is refused any more: what has no place is left out.
struct Writer {
  std::string said, thought;
  Ordered calls = Ordered::array();

  void operator()(const Text& part) { said += part.text; }
  void operator()(const Refusal& part) { said += part.text; }
  void operator()(const Reasoning& part) { thought += part.text; }
  void operator()(const ToolCall& part) { calls.push_back(call_json(part)); }
  void operator()(const Media&) {}
  void operator()(const Opaque&) {}
  void operator()(const ToolResult&) {}
};

}  // namespace

void add_ending(const Reply& reply, Ordered& out) {
  out["done"] = true;
  out["done_reason"] = finish_word(reply.finish, reply.finish_detail);
  if (!reply.usage) return;
  out["prompt_eval_count"] = reply.usage->input.count;
  out["eval_count"] = reply.usage->output.count;
}

std::string encode_reply(const Reply& reply, const Framing& framing) {
  Writer writer;
  for (const auto& part : reply.parts) std::visit(writer, part.is);
  Ordered message = {{"role", "assistant"}, {"content", writer.said}};
  if (!writer.thought.empty()) message["thinking"] = writer.thought;
  if (!writer.calls.empty()) message["tool_calls"] = std::move(writer.calls);
  Ordered out = {{"model", reply.model.empty() ? framing.model : reply.model},
                 {"created_at", write_time(reply.created > 0 ? reply.created : framing.created)},
                 {"message", std::move(message)}};
  add_ending(reply, out);
  return out.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

}  // namespace troupe::dialects::ollama
