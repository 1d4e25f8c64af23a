// OpenAI's Responses, as its API reference has them: items that open and close, and every event numbered.
#include <fmt/format.h>

#include "gateway/mock/shape.hpp"

namespace troupe::mock {
namespace {

/// Numbers the events.
class Sequence {
 public:
  std::string event(std::string_view type, Json members) {
    Json all{{"type", type}};
    all.update(members);
    all["sequence_number"] = next_++;
    return fmt::format("event: {}\ndata: {}\n\n", type, dump(all));
  }

 private:
  std::int64_t next_ = 0;
};

std::string item_id(const Answer& answer) {
  return (answer.tool ? "fc_" : "msg_") + answer.id;
}

Json part_of(const std::string& text) {
  return {
      {"type", "output_text"}, {"text", text}, {"annotations", Json::array()}, {"logprobs", Json::array()}};
}

/// The one item of the answer, with this much of it; `done` when it is complete.
Json item_of(const Answer& answer, bool done) {
  const auto* status = !done ? "in_progress" : answer.cut_short ? "incomplete" : "completed";
  if (answer.tool)
    return {{"id", item_id(answer)},      {"type", "function_call"},
            {"status", status},           {"arguments", done ? answer.tool->arguments : ""},
            {"call_id", answer.tool->id}, {"name", answer.tool->name}};
  Json content = Json::array();
  if (done) content.push_back(part_of(answer.text()));
  return {{"id", item_id(answer)},
          {"type", "message"},
          {"status", status},
          {"role", "assistant"},
          {"content", std::move(content)}};
}

Json usage_of(const Answer& answer) {
  return {{"input_tokens", answer.input_tokens},
          {"input_tokens_details", {{"cached_tokens", 0}}},
          {"output_tokens", answer.output_tokens},
          {"output_tokens_details", {{"reasoning_tokens", 0}}},
          {"total_tokens", answer.input_tokens + answer.output_tokens}};
}

Json response_of(const Ask& ask, const Answer& answer, bool done) {
  const auto* status = !done ? "in_progress" : answer.cut_short ? "incomplete" : "completed";
  Json why;
  if (done && answer.cut_short) why = {{"reason", "max_output_tokens"}};
  Json output = Json::array();
  if (done) output.push_back(item_of(answer, true));
  return {{"id", "resp_" + answer.id},
          {"object", "response"},
          {"created_at", answer.created},
          {"status", status},
          {"error", nullptr},
          {"incomplete_details", std::move(why)},
          {"instructions", nullptr},
          {"metadata", Json::object()},
          {"model", ask.model},
          {"output", std::move(output)},
          {"parallel_tool_calls", true},
          {"temperature", 1.0},
          {"tool_choice", "auto"},
          {"tools", Json::array()},
          {"top_p", 1.0},
          {"store", false},
          {"usage", done ? usage_of(answer) : Json(nullptr)}};
}

Json place_of(const Answer& answer) {
  Json place{{"item_id", item_id(answer)}, {"output_index", 0}};
  if (!answer.tool) place["content_index"] = 0;
  return place;
}

Json with(Json place, const char* name, Json value) {
  place[name] = std::move(value);
  return place;
}

}  // namespace

Frames responses_frames(const Ask& ask, const Answer& answer) {
  Frames out;
  Sequence seq;
  const auto place = place_of(answer);
  out.opening = seq.event("response.created", {{"response", response_of(ask, answer, false)}});
  out.opening += seq.event("response.in_progress", {{"response", response_of(ask, answer, false)}});
  out.opening +=
      seq.event("response.output_item.added", {{"output_index", 0}, {"item", item_of(answer, false)}});
  if (!answer.tool) out.opening += seq.event("response.content_part.added", with(place, "part", part_of("")));
  const auto* delta = answer.tool ? "response.function_call_arguments.delta" : "response.output_text.delta";
  for (const auto& piece : answer.pieces)
    out.content.push_back(seq.event(delta, with(place, "delta", piece)));
  if (answer.tool) {
    out.closing =
        seq.event("response.function_call_arguments.done", with(place, "arguments", answer.tool->arguments));
  } else {
    out.closing = seq.event("response.output_text.done", with(place, "text", answer.text()));
    out.closing += seq.event("response.content_part.done", with(place, "part", part_of(answer.text())));
  }
  out.closing +=
      seq.event("response.output_item.done", {{"output_index", 0}, {"item", item_of(answer, true)}});
  out.closing += seq.event(answer.cut_short ? "response.incomplete" : "response.completed",
                           {{"response", response_of(ask, answer, true)}});
  out.garbage = fmt::format("event: {}\ndata: {{\"type\":\"{}\",\"del\n\n", delta, delta);
  out.error_event = seq.event("error", {{"code", "server_error"},
                                        {"message", "The server had an error while processing your request."},
                                        {"param", nullptr}});
  return out;
}

std::string responses_whole(const Ask& ask, const Answer& answer) {
  return dump(response_of(ask, answer, true));
}

}  // namespace troupe::mock
