// OpenAI's chat completions, as its API reference has them.
#include <fmt/format.h>

#include "gateway/mock/shape.hpp"

namespace troupe::mock {
namespace {

std::string frame(const Json& json) {
  return fmt::format("data: {}\n\n", dump(json));
}

Json usage_of(const Answer& answer) {
  return {{"prompt_tokens", answer.input_tokens},
          {"completion_tokens", answer.output_tokens},
          {"total_tokens", answer.input_tokens + answer.output_tokens},
          {"prompt_tokens_details", {{"cached_tokens", 0}, {"audio_tokens", 0}}},
          {"completion_tokens_details", {{"reasoning_tokens", 0}, {"audio_tokens", 0}}}};
}

std::string finish_of(const Answer& answer) {
  return answer.cut_short ? "length" : answer.tool ? "tool_calls" : "stop";
}

Json chunk_of(const Ask& ask, const Answer& answer) {
  Json chunk{{"id", answer.id},    {"object", "chat.completion.chunk"}, {"created", answer.created},
             {"model", ask.model}, {"service_tier", "default"},         {"system_fingerprint", "fp_mock"}};
  return chunk;
}

std::string delta(const Ask& ask, const Answer& answer, std::int64_t index, Json what,
                  Json finish = nullptr) {
  auto chunk = chunk_of(ask, answer);
  chunk["choices"] = Json::array({{{"index", index},
                                   {"delta", std::move(what)},
                                   {"logprobs", nullptr},
                                   {"finish_reason", std::move(finish)}}});
  if (ask.include_usage) chunk["usage"] = nullptr;
  return frame(chunk);
}

Json first_delta(const Answer& answer) {
  Json delta{{"role", "assistant"}};
  if (!answer.tool) return delta.update({{"content", ""}, {"refusal", nullptr}}), delta;
  delta["content"] = nullptr;
  delta["tool_calls"] = Json::array({{{"index", 0},
                                      {"id", answer.tool->id},
                                      {"type", "function"},
                                      {"function", {{"name", answer.tool->name}, {"arguments", ""}}}}});
  return delta;
}

Json next_delta(const Answer& answer, const std::string& piece) {
  if (!answer.tool) return {{"content", piece}};
  return {{"tool_calls", Json::array({{{"index", 0}, {"function", {{"arguments", piece}}}}})}};
}

std::string usage_frame(const Ask& ask, const Answer& answer) {
  auto chunk = chunk_of(ask, answer);
  chunk["choices"] = Json::array();
  chunk["usage"] = usage_of(answer);
  return frame(chunk);
}

Json message_of(const Answer& answer) {
  Json message{{"role", "assistant"},
               {"content", answer.text()},
               {"refusal", nullptr},
               {"annotations", Json::array()}};
  if (!answer.tool) return message;
  message["content"] = nullptr;
  message["tool_calls"] =
      Json::array({{{"id", answer.tool->id},
                    {"type", "function"},
                    {"function", {{"name", answer.tool->name}, {"arguments", answer.tool->arguments}}}}});
  return message;
}

}  // namespace

Frames openai_frames(const Ask& ask, const Answer& answer) {
  Frames out;
  for (std::int64_t i = 0; i < ask.choices; ++i) out.opening += delta(ask, answer, i, first_delta(answer));
  for (const auto& piece : answer.pieces)
    for (std::int64_t i = 0; i < ask.choices; ++i)
      out.content.push_back(delta(ask, answer, i, next_delta(answer, piece)));
  for (std::int64_t i = 0; i < ask.choices; ++i)
    out.closing += delta(ask, answer, i, Json::object(), finish_of(answer));
  if (ask.include_usage) out.closing += usage_frame(ask, answer);
  out.closing += "data: [DONE]\n\n";
  out.garbage = fmt::format("data: {{\"id\":\"{}\",\"choices\":[{{\"delta\":{{\"content\n\n", answer.id);
  out.error_event =
      frame({{"error",
              {{"message", "The server had an error while processing your request. Sorry about that!"},
               {"type", "server_error"},
               {"param", nullptr},
               {"code", nullptr}}}});
  return out;
}

std::string openai_whole(const Ask& ask, const Answer& answer) {
  Json choices = Json::array();
  for (std::int64_t i = 0; i < ask.choices; ++i)
    choices.push_back({{"index", i},
                       {"message", message_of(answer)},
                       {"logprobs", nullptr},
                       {"finish_reason", finish_of(answer)}});
  return dump({{"id", answer.id},
               {"object", "chat.completion"},
               {"created", answer.created},
               {"model", ask.model},
               {"choices", std::move(choices)},
               {"usage", usage_of(answer)},
               {"service_tier", "default"},
               {"system_fingerprint", "fp_mock"}});
}

std::string openai_error(const Trouble& trouble) {
  const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  return dump({{"error",
                {{"message", trouble.message},
                 {"type", trouble.type},
                 {"param", or_null(trouble.param)},
                 {"code", or_null(trouble.code)}}}});
}

}  // namespace troupe::mock
