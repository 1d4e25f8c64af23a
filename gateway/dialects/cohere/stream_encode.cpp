#include "gateway/dialects/cohere/stream_encode.hpp"

#include "gateway/dialects/cohere/citations.hpp"
#include "gateway/dialects/cohere/usage.hpp"
#include "gateway/dialects/cohere/words.hpp"

namespace troupe::dialects::cohere {
namespace {

using Ordered = nlohmann::ordered_json;

Ordered message(Ordered inner) {
  return {{"message", std::move(inner)}};
}

}  // namespace

void Encoder::send(std::string_view type, std::optional<std::size_t> index, const Ordered& delta) {
  Ordered event = Ordered::object();
  if (type == "message-start") event["id"] = id_;
  event["type"] = type;
  if (index) event["index"] = *index;
  if (!delta.is_null()) event["delta"] = delta;
  out.append("event: ").append(type).append("\ndata: ");
  out.append(event.dump(-1, ' ', false, Ordered::error_handler_t::replace)).append("\n\n");
}

void Encoder::begin(std::string_view id, std::string_view, std::int64_t) {
  if (!id.empty()) id_ = id;
  const auto none = Ordered::array();
  send("message-start", std::nullopt,
       message({{"role", "assistant"},
                {"content", none},
                {"tool_plan", ""},
                {"tool_calls", none},
                {"citations", none}}));
}

void Encoder::close() {
  if (open_ != Open::nothing) send("content-end", blocks_ - 1, nullptr);
  open_ = Open::nothing;
}

void Encoder::piece(Open kind, std::string_view text) {
  const auto* name = kind == Open::text ? "text" : "thinking";
  if (open_ != kind) {
    close();
    open_ = kind;
    send("content-start", blocks_++, message({{"content", {{"type", name}, {name, ""}}}}));
  }
  send("content-delta", blocks_ - 1, message({{"content", {{name, text}}}}));
}

void Encoder::text(std::string_view words) {
  said_ += words;
  piece(Open::text, words);
}

void Encoder::reasoning(std::string_view words) {
  piece(Open::thinking, words);
}

void Encoder::tool_begin(std::size_t ordinal, std::string_view id, std::string_view name, std::string_view) {
  close();
  send("tool-call-start", ordinal,
       message({{"tool_calls",
                 {{"id", id}, {"type", "function"}, {"function", {{"name", name}, {"arguments", ""}}}}}}));
}

void Encoder::tool_arguments(std::size_t ordinal, std::string_view piece) {
  send("tool-call-delta", ordinal, message({{"tool_calls", {{"function", {{"arguments", piece}}}}}}));
}

void Encoder::tool_end(std::size_t ordinal) {
  send("tool-call-end", ordinal, nullptr);
}

void Encoder::citation(const Citation& citation) {
  send("citation-start", citations_, message({{"citations", Ordered(write_citation(citation, said_))}}));
  send("citation-end", citations_++, nullptr);
}

void Encoder::finish(Finish finish, std::string_view, std::string_view detail) {
  word_ = finish_word(finish, detail);
}

void Encoder::end() {
  close();
  Ordered delta = {{"finish_reason", word_}};
  if (usage_) delta["usage"] = usage_json(*usage_);
  send("message-end", std::nullopt, delta);
  out += "data: [DONE]\n\n";
}

}  // namespace troupe::dialects::cohere
