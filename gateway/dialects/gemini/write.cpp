#include "gateway/dialects/gemini/write.hpp"

#include <fmt/format.h>
#include <iterator>

#include "core/log.hpp"
#include "gateway/dialects/gemini/usage.hpp"
#include "gateway/dialects/gemini/words.hpp"
#include "gateway/dialects/json.hpp"
#include "gateway/dialects/time_text.hpp"

namespace troupe::dialects::gemini {
namespace {

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out.append(",\"").append(name).append("\":");
  log::append_json_string(out, value);
}

void append_grounding(std::string& out, const std::vector<Citation>& citations) {
  if (citations.empty()) return;
  out += R"(,"groundingMetadata":{"groundingChunks":[)";
  for (std::size_t i = 0; i < citations.size(); ++i) {
    out += i == 0 ? R"({"web":{"uri":)" : R"(,{"web":{"uri":)";
    log::append_json_string(out, citations[i].url);
    append_member(out, "title", citations[i].title);
    out += "}}";
  }
  out += R"(],"groundingSupports":[)";
  for (std::size_t i = 0; i < citations.size(); ++i) {
    fmt::format_to(std::back_inserter(out), R"({}{{"segment":{{"startIndex":{},"endIndex":{},"text":)",
                   i == 0 ? "" : ",", citations[i].start, citations[i].end);
    log::append_json_string(out, citations[i].quote);
    fmt::format_to(std::back_inserter(out), R"(}},"groundingChunkIndices":[{}]}})", i);
  }
  out += "]}";
}

}  // namespace

void append_text(std::string& out, std::string_view text, bool thought, std::string_view signature) {
  out += R"({"text":)";
  log::append_json_string(out, text);
  if (thought) out += R"(,"thought":true)";
  if (!signature.empty()) append_member(out, "thoughtSignature", signature);
  out += '}';
}

void append_call(std::string& out, const ToolCall& call) {
  out += R"({"functionCall":{"name":)";
  log::append_json_string(out, call.name);
  if (!call.id.empty()) append_member(out, "id", call.id);
  out.append(R"(,"args":)").append(dump(arguments_object(call.arguments))).append("}");
  if (!call.signature.empty()) append_member(out, "thoughtSignature", call.signature);
  out += '}';
}

void append_tail(std::string& out, const Tail& tail) {
  const auto word = finish_word(tail.finish, tail.detail);
  append_member(out, "finishReason", word);
  if (!tail.detail.empty() && tail.detail != word) append_member(out, "finishMessage", tail.detail);
  append_grounding(out, tail.citations);
  out += R"(,"index":0}])";
  if (!tail.usage && tail.service_tier.empty()) return;
  out += R"(,"usageMetadata":)";
  append_usage(out, tail.usage.value_or(Usage{}), tail.service_tier);
}

void append_head(std::string& out, std::string_view id, std::string_view model, std::int64_t created) {
  if (!model.empty()) append_member(out, "modelVersion", model);
  if (!id.empty()) append_member(out, "responseId", id);
  if (const auto time = write_time(created); !time.empty()) append_member(out, "createTime", time);
}

}  // namespace troupe::dialects::gemini
