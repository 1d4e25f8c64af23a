#include "gateway/providers/anthropic_answer.hpp"

#include <fmt/format.h>

#include "core/log.hpp"
#include "gateway/providers/anthropic_usage.hpp"

namespace troupe::providers::anthropic {
namespace {

/// A JSON array in the making.
struct List {
  std::string items;
  void add(std::string_view item) {
    if (item.empty()) return;
    if (!items.empty()) items += ',';
    items += item;
  }
};

/// The content blocks, sorted to where OpenAI has a place for them.
struct Parts {
  std::string text, reasoning;
  List calls, thinking, citations, annotations, blocks;
};

void take_citations(const json::object& block, std::size_t start, Parts& parts) {
  json::array citations;
  if (block["citations"].get(citations) != simdjson::SUCCESS) return;
  for (const auto item : citations) {
    json::object citation;
    if (item.get(citation) != simdjson::SUCCESS) continue;
    parts.citations.add(simdjson::minify(item));
    parts.annotations.add(annotation(citation, start, parts.text.size()));
  }
}

void take_call(const json::object& block, Parts& parts) {
  json::element input;
  std::string call = R"({"id":)";
  append_string(call, json::text_of(block, "id"));
  call += R"(,"type":"function","function":{"name":)";
  append_string(call, json::text_of(block, "name"));
  call += R"(,"arguments":)";
  append_string(call, block["input"].get(input) == simdjson::SUCCESS ? simdjson::minify(input) : "{}");
  parts.calls.add(call + "}}");
}

void take_block(const json::element& element, Parts& parts) {
  json::object block;
  if (element.get(block) != simdjson::SUCCESS) return;
  const auto type = json::text_of(block, "type");
  if (type == "text") {
    const auto start = parts.text.size();
    parts.text += json::text_of(block, "text");
    take_citations(block, start, parts);
  } else if (type == "tool_use") {
    take_call(block, parts);
  } else if (type == "thinking" || type == "redacted_thinking") {
    parts.reasoning += json::text_of(block, "thinking");
    parts.thinking.add(simdjson::minify(element));
  } else {
    parts.blocks.add(simdjson::minify(element));
  }
}

std::string extension(const Parts& parts) {
  List members;
  const auto add = [&](std::string_view name, const List& list) {
    if (!list.items.empty()) members.add(fmt::format(R"("{}":[{}])", name, list.items));
  };
  add("thinking", parts.thinking);
  add("citations", parts.citations);
  add("blocks", parts.blocks);
  return members.items;
}

std::string message_json(const Parts& parts, std::string_view refusal) {
  std::string out = R"({"role":"assistant","content":)";
  if (parts.text.empty() && !parts.calls.items.empty()) {
    out += "null";
  } else {
    append_string(out, parts.text);
  }
  out += R"(,"refusal":)";
  refusal.empty() ? void(out += "null") : append_string(out, refusal);
  if (!parts.reasoning.empty()) {
    out += R"(,"reasoning_content":)";
    append_string(out, parts.reasoning);
  }
  if (!parts.calls.items.empty()) out += R"(,"tool_calls":[)" + parts.calls.items + "]";
  if (!parts.annotations.items.empty()) out += R"(,"annotations":[)" + parts.annotations.items + "]";
  if (const auto more = extension(parts); !more.empty()) out += R"(,"anthropic":{)" + more + "}";
  return out + "}";
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  log::append_json_string(out, text);
}

std::string annotation(const json::object& citation, std::size_t start, std::size_t end) {
  const auto url = json::text_of(citation, "url");
  if (url.empty()) return {};
  auto out = fmt::format(R"({{"type":"url_citation","url_citation":{{"start_index":{},"end_index":{},"url":)",
                         start, end);
  append_string(out, url);
  out += R"(,"title":)";
  append_string(out, json::text_of(citation, "title"));
  return out + "}}";
}

std::optional<WholeAnswer> translate_answer(const json::object& message, std::int64_t created) {
  json::array content;
  json::object usage, details;
  if (json::text_of(message, "type") == "error") return std::nullopt;
  if (message["content"].get(content) != simdjson::SUCCESS) return std::nullopt;
  Parts parts;
  for (const auto block : content) take_block(block, parts);
  WholeAnswer answer;
  answer.model = json::text_of(message, "model");
  const auto stop = json::text_of(message, "stop_reason");
  std::string_view why;
  if (json::object_of(message, "stop_details").get(details) == simdjson::SUCCESS && stop == "refusal") {
    why = json::text_of(details, "explanation");
  }
  auto& out = answer.body;
  out = R"({"id":)";
  append_string(out, json::text_of(message, "id"));
  out += fmt::format(R"(,"object":"chat.completion","created":{},"model":)", created);
  append_string(out, answer.model);
  out += R"(,"choices":[{"index":0,"message":)" + message_json(parts, why);
  out += fmt::format(R"(,"logprobs":null,"finish_reason":"{}"}}])", finish_reason(stop));
  if (json::object_of(message, "usage").get(usage) == simdjson::SUCCESS) {
    Tally tally;
    tally.take(usage);
    answer.usage = tally.usage();
    out += R"(,"usage":)" + usage_json(*answer.usage);
  }
  out += "}";
  return answer;
}

}  // namespace troupe::providers::anthropic
