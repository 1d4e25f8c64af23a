// Anthropic's messages, as its API reference has them.
#include <fmt/format.h>

#include "gateway/mock/shape.hpp"

namespace troupe::mock {
namespace {

std::string event(const Json& json) {
  return fmt::format("event: {}\ndata: {}\n\n", json.at("type").get<std::string>(), dump(json));
}

Json usage_of(std::int64_t input, std::int64_t output) {
  return {{"input_tokens", input},
          {"cache_creation_input_tokens", 0},
          {"cache_read_input_tokens", 0},
          {"output_tokens", output},
          {"service_tier", "standard"}};
}

std::string stop_of(const Answer& answer) {
  return answer.cut_short ? "max_tokens" : answer.tool ? "tool_use" : "end_turn";
}

Json message_of(const Ask& ask, const Answer& answer, Json content, Json stop, std::int64_t output) {
  return {{"id", answer.id},
          {"type", "message"},
          {"role", "assistant"},
          {"model", ask.model},
          {"content", std::move(content)},
          {"stop_reason", std::move(stop)},
          {"stop_sequence", nullptr},
          {"usage", usage_of(answer.input_tokens, output)}};
}

Json empty_block(const Answer& answer) {
  if (!answer.tool) return {{"type", "text"}, {"text", ""}};
  return {
      {"type", "tool_use"}, {"id", answer.tool->id}, {"name", answer.tool->name}, {"input", Json::object()}};
}

Json whole_block(const Answer& answer) {
  auto block = empty_block(answer);
  if (!answer.tool) return block["text"] = answer.text(), block;
  const auto input = Json::parse(answer.tool->arguments, nullptr, false);
  block["input"] = input.is_object() ? input : Json::object();
  return block;
}

std::string piece_event(const Answer& answer, const std::string& piece) {
  Json delta = answer.tool ? Json{{"type", "input_json_delta"}, {"partial_json", piece}}
                           : Json{{"type", "text_delta"}, {"text", piece}};
  return event({{"type", "content_block_delta"}, {"index", 0}, {"delta", std::move(delta)}});
}

std::string error_type(int status) {
  switch (status) {
    case 400:
      return "invalid_request_error";
    case 401:
      return "authentication_error";
    case 402:
      return "billing_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 504:
      return "timeout_error";
    case 529:
      return "overloaded_error";
    default:
      return status < 500 ? "invalid_request_error" : "api_error";
  }
}

}  // namespace

Frames anthropic_frames(const Ask& ask, const Answer& answer) {
  Frames out;
  out.opening =
      event({{"type", "message_start"}, {"message", message_of(ask, answer, Json::array(), nullptr, 1)}});
  out.opening +=
      event({{"type", "content_block_start"}, {"index", 0}, {"content_block", empty_block(answer)}});
  out.opening += event({{"type", "ping"}});
  for (const auto& piece : answer.pieces) out.content.push_back(piece_event(answer, piece));
  out.closing = event({{"type", "content_block_stop"}, {"index", 0}});
  out.closing += event({{"type", "message_delta"},
                        {"delta", {{"stop_reason", stop_of(answer)}, {"stop_sequence", nullptr}}},
                        {"usage", {{"output_tokens", answer.output_tokens}}}});
  out.closing += event({{"type", "message_stop"}});
  out.garbage =
      "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"ty\n\n";
  out.error_event =
      event({{"type", "error"}, {"error", {{"type", "overloaded_error"}, {"message", "Overloaded"}}}});
  return out;
}

std::string anthropic_whole(const Ask& ask, const Answer& answer) {
  return dump(
      message_of(ask, answer, Json::array({whole_block(answer)}), stop_of(answer), answer.output_tokens));
}

std::string anthropic_error(const Trouble& trouble, const std::string& request_id) {
  return dump({{"type", "error"},
               {"error", {{"type", error_type(trouble.status)}, {"message", trouble.message}}},
               {"request_id", request_id}});
}

}  // namespace troupe::mock
