#include "gateway/dialects/responses/stream_encode.hpp"

#include <utility>

#include "core/log.hpp"
#include "gateway/dialects/responses/words.hpp"

namespace troupe::dialects::responses {
namespace {

using log::append_json_string;

constexpr std::string_view kEnd = "}\n\n";

/// `,"item_id":"msg_1_0","output_index":0`
std::string place_of(std::string_view id, std::size_t index) {
  std::string out;
  append_member(out, "item_id", id);
  out += R"(,"output_index":)";
  append_number(out, static_cast<std::int64_t>(index));
  return out;
}

}  // namespace

/// Opens the data of an event; the caller closes it with kEnd.
void Encoder::event(std::string_view type) {
  out.append("event: ").append(type).append("\ndata: {\"type\":\"").append(type);
  out += R"(","sequence_number":)";
  append_number(out, sequence_++);
}

void Encoder::snapshot(std::string_view type, const Moment& moment) {
  event(type);
  out += R"(,"response":)";
  shape_.append(out, moment);
  out += kEnd;
}

void Encoder::begin(std::string_view id, std::string_view model, std::int64_t created) {
  if (std::exchange(started_, true)) return;
  shape_.name(id, model, created);
  Moment now;
  now.running = true;
  snapshot("response.created", now);
  snapshot("response.in_progress", now);
}

void Encoder::start() {
  if (!started_) begin({}, {}, 0);
}

std::size_t Encoder::add_item(std::string_view prefix, std::string& id) {
  const auto index = items_.size();
  id = item_id(prefix, shape_.id(), index);
  items_.emplace_back();
  return index;
}

void Encoder::item_event(std::string_view type, std::size_t index, std::string_view item) {
  event(type);
  out += R"(,"output_index":)";
  append_number(out, static_cast<std::int64_t>(index));
  out.append(R"(,"item":)").append(item).append(kEnd);
}

void Encoder::whole_item(std::size_t index, std::string item) {
  item_event("response.output_item.added", index, item);
  item_event("response.output_item.done", index, item);
  items_[index] = std::move(item);
}

/// A thought, or the seal of a call, of which there is nothing to read.
void Encoder::sealed_item(std::string_view packed) {
  std::string id, item;
  const auto index = add_item("rs", id);
  append_reasoning(item, {id, {}, packed, false});
  whole_item(index, std::move(item));
}

std::string_view Encoder::item_status() const {
  return status_word(finish_) == "incomplete" ? "incomplete" : "completed";
}

void Encoder::text(std::string_view piece) {
  if (piece.empty()) return;
  auto& message = open_part(false);
  event("response.output_text.delta");
  out.append(message.place).append(R"(,"delta":)");
  append_json_string(out, piece);
  out.append(R"(,"logprobs":[])").append(kEnd);
  message.text += piece;
  text_bytes_ += static_cast<std::int64_t>(piece.size());
}

void Encoder::refusal(std::string_view piece) {
  refused_ = true;
  auto& message = open_part(true);
  event("response.refusal.delta");
  out.append(message.place).append(R"(,"delta":)");
  append_json_string(out, piece);
  out += kEnd;
  message.text += piece;
}

void Encoder::reasoning(std::string_view piece) {
  if (piece.empty()) return;
  start();
  close_message();
  if (!thought_) {
    auto& thought = thought_.emplace();
    thought.index = add_item("rs", thought.id);
    thought.place = place_of(thought.id, thought.index) + R"(,"summary_index":0)";
    std::string item;
    append_reasoning(item, {thought.id, {}, {}, false});
    item_event("response.output_item.added", thought.index, item);
    event("response.reasoning_summary_part.added");
    out.append(thought.place).append(R"(,"part":{"type":"summary_text","text":""})").append(kEnd);
  }
  event("response.reasoning_summary_text.delta");
  out.append(thought_->place).append(R"(,"delta":)");
  append_json_string(out, piece);
  out += kEnd;
  thought_->text += piece;
}

void Encoder::seal(Dialect origin, std::string_view signature, bool redacted) {
  start();
  close_message();
  const auto packed = shape_.seals() ? pack_seal({origin, signature, redacted, false}) : std::string();
  if (thought_ && !redacted) return close_thought(packed);
  close_thought({});
  if (!packed.empty()) sealed_item(packed);
}

void Encoder::tool_begin(std::size_t ordinal, std::string_view id, std::string_view name,
                         std::string_view signature) {
  start();
  close_message();
  close_thought({});
  tool_end(ordinal);
  if (!signature.empty() && shape_.seals()) sealed_item(pack_seal({Dialect::gemini, signature, false, true}));
  auto& call = calls_[ordinal];
  call.custom = shape_.custom(name);
  call.index = add_item(call.custom ? "ctc" : "fc", call.id);
  call.call_id = id;
  call.name = name;
  call.space = shape_.space(name);
  call.signature = signature;
  call.place = place_of(call.id, call.index);
  std::string item;
  append_call(item, call.item({}), "in_progress");
  item_event("response.output_item.added", call.index, item);
}

void Encoder::tool_arguments(std::size_t ordinal, std::string_view piece) {
  const auto found = calls_.find(ordinal);
  if (found == calls_.end() || piece.empty()) return;
  auto& call = found->second;
  event(call.custom ? "response.custom_tool_call_input.delta" : "response.function_call_arguments.delta");
  out.append(call.place).append(R"(,"delta":)");
  append_json_string(out, piece);
  out += kEnd;
  call.arguments += piece;
}

void Encoder::tool_end(std::size_t ordinal) {
  const auto found = calls_.find(ordinal);
  if (found == calls_.end()) return;
  // Clients parse the arguments: nothing is an empty object.
  if (!found->second.custom && found->second.arguments.empty()) tool_arguments(ordinal, "{}");
  close_call(found->second);
  calls_.erase(found);
}

void Encoder::citation(const Citation& citation) {
  auto& message = open_part(false);
  std::string note;
  append_annotation(note, citation, {message.text, message.before}, message.ruler);
  event("response.output_text.annotation.added");
  out.append(message.place).append(R"(,"annotation_index":)");
  append_number(out, static_cast<std::int64_t>(message.notes++));
  out.append(R"(,"annotation":)").append(note).append(kEnd);
  if (!message.annotations.empty()) message.annotations += ',';
  message.annotations += note;
}

void Encoder::opaque(Dialect origin, std::string_view json) {
  if (origin != Dialect::responses) return;
  start();
  close_message();
  close_thought({});
  items_.emplace_back();
  whole_item(items_.size() - 1, std::string(json));
}

void Encoder::finish(Finish finish, std::string_view, std::string_view detail) {
  finish_ = finish;
  detail_ = detail;
}

void Encoder::end() {
  if (over_) return;
  start();
  if (finish_ == Finish::filtered && !refused_ && !detail_.empty()) refusal(detail_);
  close_all();
  over_ = true;
  const auto items = output();
  const auto error = error_json("server_error", detail_);
  Moment now;
  now.finish = finish_;
  now.output = items;
  now.usage = usage_;
  if (finish_ == Finish::failed) now.error = error;
  const auto word = status_word(finish_);
  snapshot("response." + std::string(word), now);
}

void Encoder::fail(std::string_view type, std::string_view code, std::string_view message) {
  if (over_) return;
  start();
  over_ = true;
  append_error_event(out, sequence_++, type, code, message);
  const auto items = output();
  const auto error = error_json(code, message);
  Moment now;
  now.finish = Finish::failed;
  now.output = items;
  now.usage = usage_;
  now.error = error;
  snapshot("response.failed", now);
}

}  // namespace troupe::dialects::responses
