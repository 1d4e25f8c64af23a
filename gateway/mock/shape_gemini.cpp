// Google's generateContent, as its API reference has it: every frame of a stream is an answer, lines end in
// CRLF.
#include <fmt/format.h>

#include "gateway/mock/shape.hpp"

namespace troupe::mock {
namespace {

std::string frame(const Json& json) {
  return fmt::format("data: {}\r\n\r\n", dump(json));
}

Json answer_of(const Ask& ask, const Answer& answer, Json parts, const char* finish, bool complete) {
  Json candidate{{"content", {{"parts", std::move(parts)}, {"role", "model"}}}};
  if (finish) candidate["finishReason"] = finish;
  candidate["index"] = 0;
  Json usage{{"promptTokenCount", answer.input_tokens}};
  if (complete) usage["candidatesTokenCount"] = answer.output_tokens;
  usage["totalTokenCount"] = answer.input_tokens + (complete ? answer.output_tokens : 0);
  return {{"candidates", Json::array({std::move(candidate)})},
          {"usageMetadata", std::move(usage)},
          {"modelVersion", ask.model},
          {"responseId", answer.id}};
}

Json text_part(const std::string& text) {
  return {{"text", text}};
}

Json call_part(const Answer& answer) {
  const auto args = Json::parse(answer.tool->arguments, nullptr, false);
  return {
      {"functionCall", {{"name", answer.tool->name}, {"args", args.is_object() ? args : Json::object()}}}};
}

const char* finish_of(const Answer& answer) {
  return answer.cut_short ? "MAX_TOKENS" : "STOP";
}

const char* status_word(int status) {
  switch (status) {
    case 400:
      return "INVALID_ARGUMENT";
    case 401:
      return "UNAUTHENTICATED";
    case 403:
      return "PERMISSION_DENIED";
    case 404:
      return "NOT_FOUND";
    case 429:
      return "RESOURCE_EXHAUSTED";
    case 503:
      return "UNAVAILABLE";
    case 504:
      return "DEADLINE_EXCEEDED";
    default:
      return status < 500 ? "FAILED_PRECONDITION" : "INTERNAL";
  }
}

Json error_of(int status, const std::string& message) {
  return {{"error", {{"code", status}, {"message", message}, {"status", status_word(status)}}}};
}

}  // namespace

Frames gemini_frames(const Ask& ask, const Answer& answer) {
  Frames out;
  if (answer.tool) {  // a call comes whole
    out.content.push_back(frame(answer_of(ask, answer, Json::array({call_part(answer)}), nullptr, false)));
  } else {
    for (const auto& piece : answer.pieces)
      out.content.push_back(frame(answer_of(ask, answer, Json::array({text_part(piece)}), nullptr, false)));
  }
  out.closing = frame(answer_of(ask, answer, Json::array({text_part("")}), finish_of(answer), true));
  out.garbage = "data: {\"candidates\": [{\"content\": {\"par\r\n\r\n";
  out.error_event = frame(error_of(503, "The model is overloaded. Please try again later."));
  return out;
}

std::string gemini_whole(const Ask& ask, const Answer& answer) {
  const auto part = answer.tool ? call_part(answer) : text_part(answer.text());
  return dump(answer_of(ask, answer, Json::array({part}), finish_of(answer), true));
}

std::string gemini_error(const Trouble& trouble) {
  auto out = error_of(trouble.status, trouble.message);
  if (trouble.retry_after > Duration{})
    out["error"]["details"] =
        Json::array({{{"@type", "type.googleapis.com/google.rpc.RetryInfo"},
                      {"retryDelay", fmt::format("{}s", ceil_seconds(trouble.retry_after))}}});
  return dump(out);
}

}  // namespace troupe::mock
