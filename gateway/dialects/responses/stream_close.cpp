// How the items of a stream open and close.
#include <utility>

#include "core/log.hpp"
#include "gateway/dialects/responses/stream_encode.hpp"

namespace troupe::dialects::responses {
namespace {

using log::append_json_string;

constexpr std::string_view kEnd = "}\n\n";

}  // namespace

OpenMessage& Encoder::open_part(bool refusal) {
  start();
  close_thought({});
  if (message_ && message_->open && message_->refusal != refusal) close_part();
  if (!message_) {
    message_.emplace();
    message_->index = add_item("msg", message_->id);
    std::string item;
    append_message(item, message_->id, "in_progress", {});
    item_event("response.output_item.added", message_->index, item);
  }
  auto& message = *message_;
  if (message.open) return message;
  message.open = true;
  message.refusal = refusal;
  message.before = text_bytes_;
  message.place.clear();
  append_member(message.place, "item_id", message.id);
  message.place += R"(,"output_index":)";
  append_number(message.place, static_cast<std::int64_t>(message.index));
  message.place += R"(,"content_index":)";
  append_number(message.place, static_cast<std::int64_t>(message.content));
  event("response.content_part.added");
  out.append(message.place).append(R"(,"part":)");
  if (refusal) {
    append_refusal_part(out, {});
  } else {
    append_text_part(out, {}, {}, {});
  }
  out += kEnd;
  return message;
}

void Encoder::close_part() {
  auto& message = *message_;
  if (!std::exchange(message.open, false)) return;
  std::string part;
  if (message.refusal) {
    append_refusal_part(part, message.text);
    event("response.refusal.done");
    out.append(message.place).append(R"(,"refusal":)");
  } else {
    append_text_part(part, message.text, message.annotations, {});
    event("response.output_text.done");
    out.append(message.place).append(R"(,"logprobs":[],"text":)");
  }
  append_json_string(out, message.text);
  out += kEnd;
  event("response.content_part.done");
  out.append(message.place).append(R"(,"part":)").append(part).append(kEnd);
  if (!message.parts.empty()) message.parts += ',';
  message.parts += part;
  ++message.content;
  message.text.clear();
  message.annotations.clear();
  message.notes = 0;
  message.ruler = {};
}

void Encoder::close_message() {
  if (!message_) return;
  close_part();
  auto& item = items_[message_->index];
  append_message(item, message_->id, item_status(), message_->parts);
  item_event("response.output_item.done", message_->index, item);
  message_.reset();
}

void Encoder::close_thought(std::string_view packed) {
  if (!thought_) return;
  auto& thought = *thought_;
  event("response.reasoning_summary_text.done");
  out.append(thought.place).append(R"(,"text":)");
  append_json_string(out, thought.text);
  out += kEnd;
  event("response.reasoning_summary_part.done");
  out.append(thought.place).append(R"(,"part":{"type":"summary_text","text":)");
  append_json_string(out, thought.text);
  out.append(1, '}').append(kEnd);
  auto& item = items_[thought.index];
  append_reasoning(item, {thought.id, thought.text, packed, false});
  item_event("response.output_item.done", thought.index, item);
  thought_.reset();
}

void Encoder::close_call(OpenCall& call) {
  event(call.custom ? "response.custom_tool_call_input.done" : "response.function_call_arguments.done");
  out.append(call.place).append(call.custom ? R"(,"input":)" : R"(,"arguments":)");
  append_json_string(out, call.arguments);
  out += kEnd;
  auto& item = items_[call.index];
  append_call(item, call.item(call.arguments), item_status());
  item_event("response.output_item.done", call.index, item);
}

void Encoder::close_all() {
  close_message();
  close_thought({});
  while (!calls_.empty()) tool_end(calls_.begin()->first);
}

/// The finished items; those that are still open are no part of an answer that failed.
std::string Encoder::output() const {
  std::string all;
  for (const auto& item : items_) {
    if (item.empty()) continue;
    if (!all.empty()) all += ',';
    all += item;
  }
  return all;
}

}  // namespace troupe::dialects::responses
