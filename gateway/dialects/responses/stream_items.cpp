// What the beginning and the end of an item say in a stream.
#include <utility>

#include "gateway/dialects/responses/stream_decode.hpp"
#include "gateway/dialects/responses/words.hpp"

namespace troupe::dialects::responses {
namespace {

bool is_call(std::string_view type) {
  return type == "function_call" || type == "custom_tool_call";
}

std::string_view signature_of(const doc::object& item) {
  doc::object inner;
  if (doc::object_of(item, "extra_content").get(inner) != simdjson::SUCCESS) return {};
  if (doc::object_of(inner, "google").get(inner) != simdjson::SUCCESS) return {};
  return doc::text_of(inner, "thought_signature");
}

/// The texts of a list of {"text"} objects, as paragraphs.
std::string paragraphs(const doc::object& from, std::string_view name) {
  std::string out;
  doc::array list;
  doc::object one;
  if (from[name].get(list) != simdjson::SUCCESS) return out;
  for (const auto each : list) {
    if (each.get(one) != simdjson::SUCCESS) continue;
    const auto words = doc::text_of(one, "text");
    if (words.empty()) continue;
    if (!out.empty()) out += "\n\n";
    out += words;
  }
  return out;
}

std::int64_t text_bytes(const doc::array& content) {
  std::size_t sum = 0;
  doc::object part;
  for (const auto each : content) {
    if (each.get(part) == simdjson::SUCCESS && doc::text_of(part, "type") == "output_text")
      sum += doc::text_of(part, "text").size();
  }
  return static_cast<std::int64_t>(sum);
}

}  // namespace

void Decoder::begin_call(Item& item, const doc::object& from, EventSink& out) {
  auto id = doc::text_of(from, "call_id");
  if (id.empty()) id = doc::text_of(from, "id");
  item.kind = Kind::call;
  item.open = true;
  item.ordinal = calls_++;
  out.tool_begin(item.ordinal, id, doc::text_of(from, "name"), signature_of(from));
}

void Decoder::on_added(const doc::object& event, EventSink& out) {
  doc::object from;
  if (doc::object_of(event, "item").get(from) != simdjson::SUCCESS) return;
  begin(out);
  auto& known = item(event);
  if (known.open) out.tool_end(known.ordinal);  // its number was given away again
  known = {};
  if (is_call(doc::text_of(from, "type"))) begin_call(known, from, out);
}

void Decoder::on_done(const doc::object& event, EventSink& out) {
  doc::object from;
  if (doc::object_of(event, "item").get(from) != simdjson::SUCCESS) return;
  begin(out);
  output_ = content_ = -1;  // whatever text comes next is another
  finish_item(item(event), from, out);
}

void Decoder::finish_item(Item& item, const doc::object& from, EventSink& out) {
  const auto type = doc::text_of(from, "type");
  if (type == "message") {
    finish_message(item, from, out);
  } else if (type == "reasoning") {
    finish_thought(item, from, out);
  } else if (is_call(type)) {
    finish_call(item, from, out);
  } else if (!type.empty()) {
    out.opaque(Dialect::responses, std::string(simdjson::minify(from)));
  }
}

void Decoder::finish_message(Item& item, const doc::object& from, EventSink& out) {
  doc::array content;
  doc::object part;
  if ((item.told && item.noted) || from["content"].get(content) != simdjson::SUCCESS) return;
  auto at = before_ + static_cast<std::int64_t>(text_.size());
  if (item.told) at -= text_bytes(content);
  for (const auto each : content) {
    if (each.get(part) != simdjson::SUCCESS) continue;
    const auto type = doc::text_of(part, "type");
    if (type == "refusal" && !item.told) out.refusal(doc::text_of(part, "refusal"));
    if (type == "output_text") at = finish_text(item, part, at, out);
  }
  if (item.told) return;
  before_ = at;
  text_.clear();
  ruler_ = {};
}

/// What of a whole text was not told yet; `at` is where it begins, the answer where it ends.
std::int64_t Decoder::finish_text(const Item& item, const doc::object& part, std::int64_t at,
                                  EventSink& out) {
  const auto words = doc::text_of(part, "text");
  if (!item.told && !words.empty()) out.text(words);
  doc::array notes;
  doc::object one;
  Ruler ruler;
  if (!item.noted && part["annotations"].get(notes) == simdjson::SUCCESS) {
    for (const auto each : notes) {
      if (each.get(one) == simdjson::SUCCESS) note(one, {words, at}, ruler, out);
    }
  }
  return at + static_cast<std::int64_t>(words.size());
}

void Decoder::finish_thought(const Item& item, const doc::object& from, EventSink& out) {
  const auto packed = doc::text_of(from, "encrypted_content");
  const auto seal = unpack_seal(packed);
  if (seal.of_call) return;  // the call has it as well
  std::string words;
  if (!item.told) words = paragraphs(from, "content");
  if (!item.told && words.empty()) words = paragraphs(from, "summary");
  if (!words.empty()) out.reasoning(words);
  if (packed.empty()) return;
  const bool own = seal.origin == Dialect::responses;
  out.seal(seal.origin, seal.signature, own ? !item.told && words.empty() : seal.redacted);
}

void Decoder::finish_call(Item& item, const doc::object& from, EventSink& out) {
  if (item.kind != Kind::call) begin_call(item, from, out);
  if (!std::exchange(item.open, false)) return;
  auto arguments = doc::text_of(from, "arguments");
  if (arguments.empty()) arguments = doc::text_of(from, "input");
  if (!item.told && !arguments.empty()) out.tool_arguments(item.ordinal, arguments);
  out.tool_end(item.ordinal);
}

}  // namespace troupe::dialects::responses
