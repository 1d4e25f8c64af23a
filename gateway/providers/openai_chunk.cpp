#include "gateway/providers/openai_chunk.hpp"

#include <algorithm>

#include "gateway/providers/json_document.hpp"
#include "gateway/providers/openai_usage.hpp"

namespace troupe::providers {
namespace {

bool truthy(const json::element& value) {
  bool flag = false;
  if (value.get(flag) == simdjson::SUCCESS) return flag;
  if (value.is_string()) return !json::text_of(value).empty();
  return !value.is_null();
}

/// Content that is a text, or Mistral's list of parts, or any other non-empty structure.
void take_content(const json::element& value, Chunk& chunk) {
  json::array list;
  if (value.is_null()) return;
  if (value.get(list) == simdjson::SUCCESS) {
    for (const auto part : list) {
      json::object fields;
      chunk.content = true;
      if (part.get(fields) != simdjson::SUCCESS) continue;
      chunk.bytes += static_cast<std::int64_t>(json::text_of(fields, "text").size());
    }
    return;
  }
  const auto text = json::text_of(value);
  chunk.bytes += static_cast<std::int64_t>(text.size());
  chunk.content = chunk.content || !text.empty() || value.is_object();
}

void take_tool_calls(const json::element& value, Chunk& chunk) {
  json::array calls;
  if (value.get(calls) != simdjson::SUCCESS) return;
  for (const auto call : calls) {
    json::object fields, function;
    chunk.content = true;
    if (call.get(fields) != simdjson::SUCCESS) continue;
    if (json::object_of(fields, "function").get(function) != simdjson::SUCCESS) continue;
    chunk.bytes += static_cast<std::int64_t>(json::text_of(function, "arguments").size());
  }
}

void take_delta(const json::object& delta, Chunk& chunk) {
  for (const auto& [key, value] : delta) {
    if (key == "content" || key == "reasoning_content" || key == "reasoning" || key == "refusal" ||
        key == "audio") {
      take_content(value, chunk);
    } else if (key == "tool_calls") {
      take_tool_calls(value, chunk);
    } else if (key == "function_call" && value.is_object()) {
      chunk.content = true;
    } else if (key == "reasoning_details" || key == "annotations") {
      json::array list;
      chunk.content = chunk.content || (value.get(list) == simdjson::SUCCESS && list.size() > 0);
    }
  }
}

void take_choice(const json::object& choice, Chunk& chunk) {
  bool finished = false;
  std::int64_t index = 0;
  for (const auto& [key, value] : choice) {
    json::object delta;
    if (key == "index") {
      index = json::count_of(value);
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
  json::object root;
  if (json::parse(data).get(root) != simdjson::SUCCESS) return chunk;
  chunk.valid = true;
  bool has_usage = false;
  for (const auto& [key, value] : root) {
    json::array choices;
    if (key == "choices" && value.get(choices) == simdjson::SUCCESS) {
      for (const auto item : choices) {
        json::object choice;
        chunk.has_choices = true;
        if (item.get(choice) == simdjson::SUCCESS) take_choice(choice, chunk);
      }
    } else if (key == "error") {
      chunk.error = truthy(value);
    } else if (key == "usage" || key == "x_groq") {
      has_usage = has_usage || value.is_object();
    }
  }
  if (has_usage) chunk.usage = find_openai_usage(root);
  return chunk;
}

}  // namespace troupe::providers
