#include <fmt/format.h>

#include "gateway/dialects/cohere/citations.hpp"
#include "gateway/dialects/cohere/decode.hpp"
#include "gateway/dialects/data_uri.hpp"
#include "gateway/dialects/functions.hpp"

namespace troupe::dialects::cohere {
namespace {

Part plain(std::string text) {
  return {Text{std::move(text), {}, nullptr}};
}

Result<Part> image(const Json& part, const std::string& where) {
  const auto* value = member(part, "image_url");
  Media media;
  const auto url = value && value->is_string() ? value->get<std::string>() : value ? text(*value, "url") : "";
  if (const auto uri = parse_data_uri(url)) {
    media.type = uri->type;
    media.data = uri->data;
  } else if (is_web_url(url)) {
    media.url = url;
  } else {
    return invalid(where + ".image_url.url", "expected a URL or a base64 data URI");
  }
  if (value->is_object()) media.detail = text(*value, "detail");
  return Part{std::move(media)};
}

Result<Part> part_of(const Json& part, const std::string& where) {
  if (!part.is_object()) return invalid(where, "expected an object with a 'type'");
  const auto type = text(part, "type");
  if (type == "text") return plain(text(part, "text"));
  if (type == "image_url") return image(part, where);
  if (type != "thinking") return Part{Opaque{Dialect::cohere, part}};
  Reasoning thought;
  thought.text = text(part, "thinking");
  return Part{std::move(thought)};
}

bool is_empty(const Part& part) {
  const auto* said = std::get_if<Text>(&part.is);
  const auto* thought = std::get_if<Reasoning>(&part.is);
  return (said && said->text.empty()) || (thought && thought->text.empty());
}

/// Calls take(part, index) for every part that is not empty.
template <class Take>
Result<void> each_part(const Json& from, const std::string& where, Take take) {
  const auto* content = member(from, "content");
  if (!content) return {};
  if (content->is_string()) {
    if (auto part = plain(content->get<std::string>()); !is_empty(part)) take(std::move(part), 0);
    return {};
  }
  if (!content->is_array()) return invalid(where + ".content", "expected a string or an array of parts");
  for (std::size_t i = 0; i < content->size(); ++i) {
    auto part = part_of((*content)[i], fmt::format("{}.content[{}]", where, i));
    if (!part) return tl::unexpected<Error>(part.error());
    if (!is_empty(*part)) take(std::move(*part), static_cast<std::int64_t>(i));
  }
  return {};
}

Result<std::vector<Part>> parts_of(const Json& from, const std::string& where) {
  std::vector<Part> out;
  const auto done = each_part(from, where, [&](Part part, std::int64_t) { out.push_back(std::move(part)); });
  if (!done) return tl::unexpected<Error>(done.error());
  return out;
}

/// To the text that it rests on.
void attach(Citation citation, std::vector<Part>& parts) {
  Text* under = nullptr;
  std::int64_t at = 0;
  for (auto& part : parts) {
    auto* said = std::get_if<Text>(&part.is);
    if (!said) continue;
    if (!under || citation.start >= at) under = said;
    at += static_cast<std::int64_t>(said->text.size());
  }
  if (under) under->citations.push_back(std::move(citation));
}

}  // namespace

Result<std::vector<Part>> decode_assistant(const Json& from, const std::string& where) {
  std::vector<Part> out;
  Said said;
  const auto done = each_part(from, where, [&](Part part, std::int64_t index) {
    if (const auto* words = std::get_if<Text>(&part.is)) {
      said.begin_block(index);
      said.add(words->text);
    }
    out.push_back(std::move(part));
  });
  if (!done) return tl::unexpected<Error>(done.error());
  if (const auto* citations = member(from, "citations"); citations && citations->is_array()) {
    for (const auto& one : *citations) attach(said.read(one), out);
  }
  if (auto plan = plain(text(from, "tool_plan")); !is_empty(plan)) out.push_back(std::move(plan));
  if (const auto* calls = member(from, "tool_calls"); calls && calls->is_array()) {
    for (const auto& call : *calls) out.push_back(read_call(call, Dialect::cohere));
  }
  return out;
}

Result<Message> decode_message(const Json& from, const std::string& where) {
  const auto role = text(from, "role");
  Message out;
  if (role == "system") {
    out.role = Role::system;
  } else if (role == "assistant") {
    out.role = Role::assistant;
  } else if (role == "tool") {
    out.role = Role::tool;
  } else if (role != "user") {
    return unsupported(where + ".role", fmt::format("'{}' is not a role that models share", role));
  }
  auto parts = out.role == Role::assistant ? decode_assistant(from, where) : parts_of(from, where);
  if (!parts) return tl::unexpected<Error>(parts.error());
  out.parts = std::move(*parts);
  if (out.role != Role::tool) return out;
  ToolResult result;
  result.id = text(from, "tool_call_id");
  result.content = std::move(out.parts);
  out.parts.clear();
  out.parts.push_back({std::move(result)});
  return out;
}

}  // namespace troupe::dialects::cohere
