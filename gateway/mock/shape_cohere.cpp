// Cohere's v2 chat, as its API reference has it.
#include <fmt/format.h>

#include "gateway/mock/shape.hpp"

namespace troupe::mock {
namespace {

std::string event(const Json& json) {
  return fmt::format("event: {}\ndata: {}\n\n", json.at("type").get<std::string>(), dump(json));
}

/// {"type":...,"index":0,"delta":{"message":{...}}}
std::string piece(const char* type, Json message) {
  return event({{"type", type}, {"index", 0}, {"delta", {{"message", std::move(message)}}}});
}

Json usage_of(const Answer& answer) {
  const Json tokens{{"input_tokens", answer.input_tokens}, {"output_tokens", answer.output_tokens}};
  return {{"billed_units", tokens}, {"tokens", tokens}};
}

const char* finish_of(const Answer& answer) {
  return answer.cut_short ? "MAX_TOKENS" : answer.tool ? "TOOL_CALL" : "COMPLETE";
}

Json call_of(const Answer& answer, const std::string& arguments) {
  return {{"id", answer.tool->id},
          {"type", "function"},
          {"function", {{"name", answer.tool->name}, {"arguments", arguments}}}};
}

Json message_of(const Answer& answer) {
  if (answer.tool)
    return {{"role", "assistant"},
            {"tool_plan", "I will use a tool."},
            {"tool_calls", Json::array({call_of(answer, answer.tool->arguments)})}};
  return {{"role", "assistant"}, {"content", Json::array({{{"type", "text"}, {"text", answer.text()}}})}};
}

}  // namespace

Frames cohere_frames(const Ask&, const Answer& answer) {
  Frames out;
  out.opening = event({{"type", "message-start"},
                       {"id", answer.id},
                       {"delta", {{"message", {{"role", "assistant"}, {"content", Json::array()}}}}}});
  if (answer.tool) {
    out.opening += piece("tool-plan-delta", {{"tool_plan", "I will use a tool."}});
    out.opening += piece("tool-call-start", {{"tool_calls", call_of(answer, "")}});
  } else {
    out.opening += piece("content-start", {{"content", {{"type", "text"}, {"text", ""}}}});
  }
  for (const auto& text : answer.pieces)
    out.content.push_back(
        answer.tool ? piece("tool-call-delta", {{"tool_calls", {{"function", {{"arguments", text}}}}}})
                    : piece("content-delta", {{"content", {{"text", text}}}}));
  out.closing = event({{"type", answer.tool ? "tool-call-end" : "content-end"}, {"index", 0}});
  out.closing += event({{"type", "message-end"},
                        {"delta", {{"finish_reason", finish_of(answer)}, {"usage", usage_of(answer)}}}});
  out.closing += "data: [DONE]\n\n";
  out.garbage = "event: content-delta\ndata: {\"type\":\"content-delta\",\"ind\n\n";
  out.error_event = event({{"type", "message-end"}, {"delta", {{"finish_reason", "ERROR"}}}});
  return out;
}

std::string cohere_whole(const Ask&, const Answer& answer) {
  return dump({{"id", answer.id},
               {"message", message_of(answer)},
               {"finish_reason", finish_of(answer)},
               {"usage", usage_of(answer)}});
}

std::string cohere_error(const Trouble& trouble, const std::string& request_id) {
  return dump({{"id", request_id}, {"message", trouble.message}});
}

}  // namespace troupe::mock
