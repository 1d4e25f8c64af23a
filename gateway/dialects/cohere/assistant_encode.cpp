#include "gateway/dialects/cohere/citations.hpp"
#include "gateway/dialects/cohere/encode.hpp"

namespace troupe::dialects::cohere {
namespace {

struct Writer {
  const std::vector<Part>& parts;
  bool thoughts;
  Ordered content = Ordered::array(), calls = Ordered::array(), citations = Ordered::array();
  std::string plan, said;

  void add_text(const Text& part, bool before_calls) {
    if (before_calls && part.citations.empty() && plan.empty()) {
      plan = part.text;
      return;
    }
    said += part.text;
    content.push_back({{"type", "text"}, {"text", part.text}});
    for (const auto& one : part.citations) citations.push_back(Ordered(write_citation(one, said)));
  }
  /// Thoughts that another provider sealed stay with it.
  void add_thought(const Reasoning& part) {
    if (thoughts && !part.text.empty() && part.signature.empty())
      content.push_back({{"type", "thinking"}, {"thinking", part.text}});
  }
  void add_call(const ToolCall& part) {
    calls.push_back(
        {{"id", part.id},
         {"type", "function"},
         {"function", {{"name", part.name}, {"arguments", part.arguments.empty() ? "{}" : part.arguments}}}});
  }
  void add(std::size_t at) {
    const auto& part = parts[at].is;
    const bool before_calls = at + 1 < parts.size() && std::holds_alternative<ToolCall>(parts[at + 1].is);
    if (const auto* words = std::get_if<Text>(&part)) add_text(*words, before_calls);
    if (const auto* thought = std::get_if<Reasoning>(&part)) add_thought(*thought);
    if (const auto* call = std::get_if<ToolCall>(&part)) add_call(*call);
    if (const auto* words = std::get_if<Refusal>(&part)) add_text({words->text, {}, nullptr}, false);
    const auto* own = std::get_if<Opaque>(&part);
    if (own && own->origin == Dialect::cohere) content.push_back(Ordered(own->json));
  }
};

}  // namespace

void add_assistant(const std::vector<Part>& parts, bool thoughts, Ordered& out) {
  Writer writer{parts, thoughts, Ordered::array(), Ordered::array(), Ordered::array(), {}, {}};
  for (std::size_t at = 0; at < parts.size(); ++at) writer.add(at);
  const bool calls = !writer.calls.empty();
  if (!writer.content.empty() || !calls) out["content"] = std::move(writer.content);
  if (!writer.plan.empty()) out["tool_plan"] = writer.plan;
  if (calls) out["tool_calls"] = std::move(writer.calls);
  if (!writer.citations.empty()) out["citations"] = std::move(writer.citations);
}

}  // namespace troupe::dialects::cohere
