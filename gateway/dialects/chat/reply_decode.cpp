#include <algorithm>

#include "gateway/dialects/chat/decode.hpp"
#include "gateway/dialects/chat/usage.hpp"
#include "gateway/dialects/chat/words.hpp"

namespace troupe::dialects::chat {
namespace {

tl::unexpected<Error> malformed(const char* why) {
  return fail(Fault::provider_stream_malformed, why);
}

void take_annotations(const Json& message, std::vector<Part>& parts) {
  const auto* list = member(message, "annotations");
  const auto said = std::find_if(parts.begin(), parts.end(),
                                 [](const Part& part) { return std::holds_alternative<Text>(part.is); });
  if (!list || !list->is_array() || said == parts.end()) return;
  for (const auto& one : *list) {
    Citation citation;
    const auto* link = member(one, "url_citation");
    if (link) {
      citation.url = text(*link, "url");
      citation.title = text(*link, "title");
      citation.start = whole(*link, "start_index").value_or(0);
      citation.end = whole(*link, "end_index").value_or(0);
    } else {
      citation.raw = one;
    }
    std::get<Text>(said->is).citations.push_back(std::move(citation));
  }
}

/// A guest's citation that was also written as an annotation is one citation.
void merge_citations(std::vector<Part>& parts) {
  for (auto& part : parts) {
    auto* said = std::get_if<Text>(&part.is);
    if (!said) continue;
    for (auto& citation : said->citations) {
      if (citation.origin == Dialect::chat || citation.raw.is_null()) continue;
      const auto url = text(citation.raw, "url");
      const auto twin =
          std::find_if(said->citations.begin(), said->citations.end(), [&](const Citation& other) {
            return other.origin == Dialect::chat && !url.empty() && other.url == url;
          });
      if (twin == said->citations.end()) continue;
      citation.url = twin->url;
      citation.title = twin->title;
      citation.start = twin->start;
      citation.end = twin->end;
      twin->url.clear();
    }
    std::erase_if(said->citations, [](const Citation& one) {
      return one.origin == Dialect::chat && one.url.empty() && one.raw.is_null();
    });
  }
}

void take_calls(const Json& message, Reply& into) {
  std::size_t ordinal = 0;
  for (auto& part : decode_calls(message)) {
    if (auto* call = std::get_if<ToolCall>(&part.is); call && call->id.empty())
      call->id = made_call_id(into.id, ordinal);
    into.parts.push_back(std::move(part));
    ++ordinal;
  }
}

std::optional<Usage> usage_of(std::string_view body) {
  doc::object root;
  if (doc::parse(body).get(root) != simdjson::SUCCESS) return std::nullopt;
  return find_usage(root);
}

}  // namespace

Result<Reply> decode_reply(std::string_view body) {
  const auto from = read(body);
  if (!from.is_object()) return malformed("The provider's answer is no JSON object.");
  const auto* choices = member(from, "choices");
  if (!choices || !choices->is_array() || choices->empty())
    return malformed("The provider's answer has no choices.");
  const auto& choice = choices->front();
  const auto* message = member(choice, "message");
  Reply out;
  out.id = text(from, "id");
  out.model = text(from, "model");
  out.created = whole(from, "created").value_or(0);
  out.service_tier = text(from, "service_tier");
  if (const auto* logprobs = member(choice, "logprobs")) out.logprobs = *logprobs;
  if (message) {
    out.parts = decode_reasoning(*message);
    if (const auto* content = member(*message, "content")) {
      auto said = decode_content(*content, "content");
      if (!said) return malformed("The provider's answer has content of no known kind.");
      for (auto& part : *said) out.parts.push_back(std::move(part));
    }
    take_annotations(*message, out.parts);
    if (auto words = text(*message, "refusal"); !words.empty())
      out.parts.push_back({Refusal{std::move(words)}});
    decode_extensions(*message, out.parts);
    merge_citations(out.parts);
    take_calls(*message, out);
  }
  const bool calls = std::any_of(out.parts.begin(), out.parts.end(),
                                 [](const Part& part) { return std::holds_alternative<ToolCall>(part.is); });
  out.finish = read_finish(text(choice, "finish_reason"), calls);
  if (out.finish == Finish::failed) out.finish_detail = text(choice, "native_finish_reason");
  out.usage = usage_of(body);
  return out;
}

}  // namespace troupe::dialects::chat
