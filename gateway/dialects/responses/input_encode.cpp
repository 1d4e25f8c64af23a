#include <fmt/format.h>
#include <utility>

#include "gateway/dialects/data_uri.hpp"
#include "gateway/dialects/responses/citations.hpp"
#include "gateway/dialects/responses/encode.hpp"
#include "gateway/dialects/responses/spaces.hpp"
#include "gateway/dialects/responses/words.hpp"

namespace troupe::dialects::responses {
namespace {

/// Messages on their way into items.
class Writer {
 public:
  explicit Writer(const Conversation& talk) : talk_(talk), native_(talk.origin == Dialect::responses) {}
  Result<void> add(const Message& message);
  Json take() { return std::move(items_); }

 private:
  Result<void> add_assistant(const Message& message);
  Result<void> add_plain(const Message& message);
  Result<void> add_result(const ToolResult& result);
  Result<Json> content(const std::vector<Part>& parts) const;
  Result<Json> part(const Part& part) const;
  Json said(const Text& text, std::int64_t before) const;
  void flush(Json& content);

  const Conversation& talk_;
  bool native_;  ///< cache marks are OpenAI's own
  Json items_ = Json::array();
};

tl::unexpected<Error> cannot(std::string_view what) {
  return unsupported("messages", fmt::format("{} has no place in a Responses request", what));
}

tl::unexpected<Error> foreign(const Opaque& own) {
  return cannot(fmt::format("a '{}' block", text(own.json, "type")));
}

Result<Json> document_of(const Media& media) {
  Json out = {{"type", "input_file"}};
  if (!media.name.empty()) out["filename"] = media.name;
  if (!media.file_id.empty()) {
    out["file_id"] = media.file_id;
  } else if (!media.url.empty()) {
    out["file_url"] = media.url;
  } else {
    if (media.name.empty() && !media.type.empty()) out["filename"] = "document.pdf";
    out["file_data"] = media.type.empty() ? media.data : make_data_uri(media.type, media.data);
  }
  return out;
}

Result<Json> media_of(const Media& media) {
  if (!media.text.empty()) {
    return Json{{"type", "input_text"},
                {"text", media.name.empty() ? media.text : media.name + "\n\n" + media.text}};
  }
  switch (media.kind) {
    case Media::Kind::image: {
      Json out = {{"type", "input_image"}};
      if (!media.detail.empty()) out["detail"] = media.detail;
      if (!media.file_id.empty()) {
        out["file_id"] = media.file_id;
      } else {
        out["image_url"] = media.data.empty() ? media.url : make_data_uri(media.type, media.data);
      }
      return out;
    }
    case Media::Kind::document:
      return document_of(media);
    case Media::Kind::audio:
      if (media.data.empty()) return cannot("a sound by address");
      return Json{
          {"type", "input_audio"},
          {"input_audio", {{"data", media.data}, {"format", media.type.substr(media.type.find('/') + 1)}}}};
    case Media::Kind::video:
      break;
  }
  return cannot("a video");
}

void mark(const Json& cache, bool native, Json& out) {
  if (native && !cache.is_null()) out["prompt_cache_breakpoint"] = {{"mode", "explicit"}};
}

Result<Json> Writer::part(const Part& part) const {
  if (const auto* it = std::get_if<Text>(&part.is)) {
    Json out = {{"type", "input_text"}, {"text", it->text}};
    mark(it->cache, native_, out);
    return out;
  }
  if (const auto* it = std::get_if<Media>(&part.is)) {
    auto out = media_of(*it);
    if (out) mark(it->cache, native_, *out);
    return out;
  }
  if (const auto* it = std::get_if<Opaque>(&part.is)) {
    if (it->origin == Dialect::responses) return it->json;
    return foreign(*it);
  }
  return cannot("a part of this kind");
}

/// One plain text is a string; anything else a list of parts.
Result<Json> Writer::content(const std::vector<Part>& parts) const {
  if (parts.size() == 1) {
    const auto* only = std::get_if<Text>(&parts[0].is);
    if (only && (only->cache.is_null() || !native_)) return Json(only->text);
  }
  auto out = Json::array();
  for (const auto& each : parts) {
    auto one = part(each);
    if (!one) return one;
    out.push_back(std::move(*one));
  }
  return out;
}

Json Writer::said(const Text& text, std::int64_t before) const {
  Json out = {{"type", "output_text"}, {"text", text.text}};
  mark(text.cache, native_, out);
  Ruler ruler;
  std::string annotations;
  for (const auto& citation : text.citations) {
    if (citation.origin != Dialect::responses) continue;  // notes of an earlier answer, for its reader
    annotations += annotations.empty() ? '[' : ',';
    append_annotation(annotations, citation, {text.text, before}, ruler);
  }
  if (!annotations.empty()) out["annotations"] = Json::parse(annotations + "]", nullptr, false);
  return out;
}

void Writer::flush(Json& content) {
  if (content.empty()) return;
  items_.push_back(
      {{"type", "message"}, {"role", "assistant"}, {"content", std::exchange(content, Json::array())}});
}

Json call_json(const ToolCall& call, const ToolSpace* space) {
  Json out = {{"call_id", call.id}, {"name", call.name}};
  if (space) {
    out["name"] = std::string(short_name(call.name, space->name));
    out["namespace"] = space->name;
  }
  if (call.custom) {
    out["type"] = "custom_tool_call";
    out["input"] = call.arguments;
  } else {
    out["type"] = "function_call";
    out["arguments"] = call.arguments.empty() ? "{}" : call.arguments;
  }
  return out;
}

Json reasoning_json(const Reasoning& thought) {
  Json out = {{"type", "reasoning"}, {"summary", Json::array()}};
  if (!thought.id.empty()) out["id"] = thought.id;
  if (!thought.text.empty() && thought.summary) {
    out["summary"].push_back({{"type", "summary_text"}, {"text", thought.text}});
  } else if (!thought.text.empty()) {
    out["content"] = Json::array({{{"type", "reasoning_text"}, {"text", thought.text}}});
  }
  if (!thought.signature.empty()) out["encrypted_content"] = thought.signature;
  return out;
}

Result<void> Writer::add_assistant(const Message& message) {
  auto content = Json::array();
  std::int64_t before = 0;
  if (message.parts.empty())
    items_.push_back({{"type", "message"}, {"role", "assistant"}, {"content", content}});
  for (const auto& part : message.parts) {
    if (const auto* text = std::get_if<Text>(&part.is)) {
      content.push_back(said(*text, before));
      before += static_cast<std::int64_t>(text->text.size());
      continue;
    }
    if (const auto* words = std::get_if<Refusal>(&part.is)) {
      content.push_back({{"type", "refusal"}, {"refusal", words->text}});
      continue;
    }
    const auto* thought = std::get_if<Reasoning>(&part.is);
    if (thought && thought->origin != Dialect::responses) continue;  // sealed for others, or not at all
    flush(content);
    if (thought) {
      items_.push_back(reasoning_json(*thought));
    } else if (const auto* call = std::get_if<ToolCall>(&part.is)) {
      items_.push_back(call_json(*call, space_of(talk_, call->name)));
    } else if (const auto* own = std::get_if<Opaque>(&part.is)) {
      if (own->origin != Dialect::responses) return foreign(*own);
      items_.push_back(own->json);
    } else {
      return cannot("an attachment in an assistant's message");
    }
  }
  flush(content);
  return {};
}

Result<void> Writer::add_result(const ToolResult& result) {
  Json out = {{"type", result.custom ? "custom_tool_call_output" : "function_call_output"},
              {"call_id", result.id},
              {"output", ""}};
  if (!result.content.empty()) {
    const auto* only = result.content.size() == 1 ? std::get_if<Text>(&result.content[0].is) : nullptr;
    // An empty output is a result without content.
    auto output = only && only->text.empty() ? Json::array({{{"type", "input_text"}, {"text", ""}}})
                                             : content(result.content);
    if (!output) return tl::unexpected<Error>(output.error());
    out["output"] = std::move(*output);
  }
  items_.push_back(std::move(out));
  return {};
}

std::string_view role_word(Role role) {
  switch (role) {
    case Role::system:
      return "system";
    case Role::developer:
      return "developer";
    case Role::user:
    case Role::assistant:
    case Role::tool:
      break;
  }
  return "user";
}

/// Results stand before what else a turn says.
Result<void> Writer::add_plain(const Message& message) {
  std::vector<Part> rest;
  for (const auto& part : message.parts) {
    const auto* own = std::get_if<Opaque>(&part.is);
    if (const auto* result = std::get_if<ToolResult>(&part.is)) {
      if (auto added = add_result(*result); !added) return added;
    } else if (own && own->origin == Dialect::responses && message.role == Role::tool) {
      items_.push_back(own->json);
    } else {
      rest.push_back(part);
    }
  }
  if (rest.empty() && !message.parts.empty()) return {};
  auto said = content(rest);
  if (!said) return tl::unexpected<Error>(said.error());
  items_.push_back({{"type", "message"}, {"role", role_word(message.role)}, {"content", std::move(*said)}});
  return {};
}

Result<void> Writer::add(const Message& message) {
  return message.role == Role::assistant ? add_assistant(message) : add_plain(message);
}

}  // namespace

const std::string* instructions(const Conversation& talk) {
  if (talk.messages.empty()) return nullptr;
  const auto& first = talk.messages.front();
  if (first.role != Role::system || first.parts.size() != 1) return nullptr;
  const auto* text = std::get_if<Text>(&first.parts.front().is);
  const bool marked = text && talk.origin == Dialect::responses && !text->cache.is_null();
  return text && !text->text.empty() && !marked ? &text->text : nullptr;
}

Result<Json> encode_input(const Conversation& talk) {
  Writer writer(talk);
  for (std::size_t i = instructions(talk) ? 1 : 0; i < talk.messages.size(); ++i) {
    if (auto added = writer.add(talk.messages[i]); !added) return tl::unexpected<Error>(added.error());
  }
  return writer.take();
}

}  // namespace troupe::dialects::responses
