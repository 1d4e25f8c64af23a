// Ollama's own chat, as its API reference has it: a line of JSON for every piece.
#include "gateway/mock/shape.hpp"

namespace troupe::mock {
namespace {

Json line_of(const Ask& ask, Json message) {
  return {{"model", ask.model},
          {"created_at", "2025-01-01T00:00:00.000000Z"},
          {"message", std::move(message)},
          {"done", false}};
}

Json said(const std::string& text) {
  return {{"role", "assistant"}, {"content", text}};
}

Json called(const Answer& answer) {
  auto message = said("");
  const auto arguments = Json::parse(answer.tool->arguments, nullptr, false);
  message["tool_calls"] = Json::array(
      {{{"function",
         {{"name", answer.tool->name}, {"arguments", arguments.is_object() ? arguments : Json::object()}}}}});
  return message;
}

Json last(Json line, const Answer& answer) {
  line["done"] = true;
  line["done_reason"] = answer.cut_short ? "length" : "stop";
  for (const auto* name : {"total_duration", "load_duration", "prompt_eval_duration", "eval_duration"})
    line[name] = 1000000;
  line["prompt_eval_count"] = answer.input_tokens;
  line["eval_count"] = answer.output_tokens;
  return line;
}

}  // namespace

Frames ollama_frames(const Ask& ask, const Answer& answer) {
  Frames out;
  if (answer.tool) {  // a call comes whole
    out.content.push_back(dump(line_of(ask, called(answer))) + "\n");
  } else {
    for (const auto& piece : answer.pieces) out.content.push_back(dump(line_of(ask, said(piece))) + "\n");
  }
  out.closing = dump(last(line_of(ask, said("")), answer)) + "\n";
  out.garbage = "{\"model\":\"mock\",\"mess\n";
  out.error_event = dump({{"error", "an error was encountered while running the model"}}) + "\n";
  return out;
}

std::string ollama_whole(const Ask& ask, const Answer& answer) {
  return dump(last(line_of(ask, answer.tool ? called(answer) : said(answer.text())), answer));
}

std::string ollama_error(const Trouble& trouble) {
  return dump({{"error", trouble.message}});
}

}  // namespace troupe::mock
