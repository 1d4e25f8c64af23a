#include "gateway/providers/openai_chunk.hpp"

#include <algorithm>

#include "gateway/dialects/chat/usage.hpp"
#include "gateway/dialects/document.hpp"

namespace troupe::providers {
namespace {

namespace doc = dialects::doc;

bool truthy(const doc::element& value) {
  bool flag = false;
  if (value.get(flag) == simdjson::SUCCESS) return flag;
  if (value.is_string()) return !doc::text_of(value).empty();
  return !value.is_null();
}

/// Content that is a text, or Mistral's list of parts, or any other non-empty structure.
void take_content(const doc::element& value, Chunk& chunk) {
  doc::array list;
  if (value.is_null()) return;
  if (value.get(list) == simdjson::SUCCESS) {
    for (const auto part : list) {
      doc::object fields;
      chunk.content = true;
      if (part.get(fields) != simdjson::SUCCESS) continue;
      chunk.bytes += static_cast<std::int64_t>(doc::text_of(fields, "text").size());
    }
    return;
  }
  const auto text = doc::text_of(value);
  chunk.bytes += static_cast<std::int64_t>(text.size());
  chunk.content = chunk.content || !text.empty() || value.is_object();
}

void take_tool_calls(const doc::element& value, Chunk& chunk) {
  doc::array calls;
  if (value.get(calls) != simdjson::SUCCESS) return;
  for (const auto call : calls) {
    doc::object fields, function;
    chunk.content = true;
    if (call.get(fields) != simdjson::SUCCESS) continue;
    if (doc::object_of(fields, "function").get(function) != simdjson::SUCCESS) continue;
    chunk.bytes += static_cast<std::int64_t>(doc::text_of(function, "arguments").size());
  }
}

void take_delta(const doc::object& delta, Chunk& chunk) {
  for (const auto& [key, value] : delta) {
    if (key == "content" || key == "reasoning_content" || key == "reasoning" || key == "refusal" ||
        key == "audio") {
      take_content(value, chunk);
    } else if (key == "tool_calls") {
      take_tool_calls(value, chunk);
    } else if (key == "function_call" && value.is_object()) {
      chunk.content = true;
    } else if (key == "reasoning_details" || key == "annotations") {
      doc::array list;
      chunk.content = chunk.content || (value.get(list) == simdjson::SUCCESS && list.size() > 0);
    }
  }
}

void take_choice(const doc::object& choice, Chunk& chunk) {
  bool finished = false;
  std::int64_t index = 0;
  for (const auto& [key, value] : choice) {
    doc::object delta;
    if (key == "index") {
      index = doc::count_of(value);
    } else if (key == "delta" || key == "message") {
      if (value.get(delta) == simdjson::SUCCESS) take_delta(delta, chunk);
    } else if (key == "finish_reason") {
      finished = truthy(value);
    } else if (key == "text") {  // of /v1/completions; Together sends it beside the delta
      take_content(value, chunk);
    }
  }
  const auto bit = std::uint64_t{1} << std::min<std::int64_t>(index, 63);
  chunk.choices |= bit;
  if (!finished) return;
  chunk.finished |= bit;
  chunk.content = true;
}

}  // namespace

Chunk read_chunk(std::string_view data) {
  Chunk chunk;
  doc::object root;
  if (doc::parse(data).get(root) != simdjson::SUCCESS) return chunk;
  chunk.valid = true;
  bool has_usage = false;
  for (const auto& [key, value] : root) {
    doc::array choices;
    if (key == "choices" && value.get(choices) == simdjson::SUCCESS) {
      for (const auto item : choices) {
        doc::object choice;
        chunk.has_choices = true;
        if (item.get(choice) == simdjson::SUCCESS) take_choice(choice, chunk);
      }
    } else if (key == "error") {
      chunk.error = truthy(value);
    } else if (key == "usage" || key == "x_groq") {
      has_usage = has_usage || value.is_object();
    }
  }
  if (has_usage) chunk.usage = dialects::chat::find_usage(root);
  return chunk;
}

}  // namespace troupe::providers
