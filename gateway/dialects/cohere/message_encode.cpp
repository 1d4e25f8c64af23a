#include <fmt/format.h>

#include "gateway/dialects/cohere/encode.hpp"
#include "gateway/dialects/cohere/words.hpp"
#include "gateway/dialects/data_uri.hpp"

namespace troupe::dialects::cohere {
namespace {

tl::unexpected<Error> cannot(std::string_view what) {
  return unsupported("messages", fmt::format("{} has no place in Cohere's chat", what));
}

Result<Ordered> media_part(const Media& media) {
  if (media.kind == Media::Kind::document && !media.text.empty()) {
    return Ordered{{"type", "text"},
                   {"text", media.name.empty() ? media.text : media.name + "\n\n" + media.text}};
  }
  if (media.kind != Media::Kind::image) return cannot("a file, a sound or a video");
  if (!media.file_id.empty()) return cannot("an image by file id");
  Ordered image = {{"url", media.data.empty() ? media.url : make_data_uri(media.type, media.data)}};
  if (!media.detail.empty()) image["detail"] = media.detail;
  return Ordered{{"type", "image_url"}, {"image_url", std::move(image)}};
}

Result<Ordered> part_json(const Part& part) {
  if (const auto* said = std::get_if<Text>(&part.is)) return Ordered{{"type", "text"}, {"text", said->text}};
  if (const auto* media = std::get_if<Media>(&part.is)) return media_part(*media);
  const auto* own = std::get_if<Opaque>(&part.is);
  if (own && own->origin == Dialect::cohere) return Ordered(own->json);
  if (own) return cannot(fmt::format("a '{}' block", text(own->json, "type")));
  return cannot("a part of this kind");
}

/// One plain text is a string; anything else a list of parts.
Result<Ordered> content_of(const std::vector<Part>& parts) {
  if (parts.empty()) return Ordered("");
  if (const auto* said = std::get_if<Text>(&parts.front().is); said && parts.size() == 1)
    return Ordered(said->text);
  Ordered out = Ordered::array();
  for (const auto& part : parts) {
    auto one = part_json(part);
    if (!one) return one;
    out.push_back(std::move(*one));
  }
  return out;
}

/// Tool results hold text and documents only.
Result<Ordered> result_json(const ToolResult& result) {
  for (const auto& part : result.content) {
    const auto* media = std::get_if<Media>(&part.is);
    if (media && media->text.empty()) return cannot("a picture or a file in a tool result");
  }
  auto said = content_of(result.content);
  if (!said) return said;
  return Ordered{{"role", "tool"}, {"tool_call_id", result.id}, {"content", std::move(*said)}};
}

Result<void> add_results(const Message& message, Ordered& out) {
  for (const auto& part : message.parts) {
    const auto* result = std::get_if<ToolResult>(&part.is);
    if (!result) return cannot("a tool message without a result");
    auto one = result_json(*result);
    if (!one) return tl::unexpected<Error>(one.error());
    out.push_back(std::move(*one));
  }
  return {};
}

}  // namespace

Result<Ordered> encode_messages(const Conversation& talk, const Target& target) {
  const bool thoughts = talk.origin == Dialect::cohere || thinks(target.model);
  Ordered out = Ordered::array();
  for (const auto& message : talk.messages) {
    if (message.role == Role::tool) {
      if (auto added = add_results(message, out); !added) return tl::unexpected<Error>(added.error());
      continue;
    }
    Ordered one = {{"role", "system"}};
    if (message.role == Role::assistant) {
      one["role"] = "assistant";
      add_assistant(message.parts, thoughts, one);
    } else {
      if (message.role == Role::user) one["role"] = "user";
      auto said = content_of(message.parts);
      if (!said) return said;
      one["content"] = std::move(*said);
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace troupe::dialects::cohere
