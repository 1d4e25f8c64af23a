#include <fmt/format.h>

#include "gateway/dialects/gemini/decode.hpp"
#include "gateway/dialects/gemini/words.hpp"

namespace troupe::dialects::gemini {
namespace {

Media::Kind kind_of(std::string_view type) {
  if (type.starts_with("audio/")) return Media::Kind::audio;
  if (type.starts_with("video/")) return Media::Kind::video;
  return type.starts_with("image/") || type.empty() ? Media::Kind::image : Media::Kind::document;
}

/// `inlineData` or `fileData`; what stands beside them is kept.
Media media_of(const Json& part) {
  Media out;
  for (const auto& [key, value] : part.items()) {
    const bool address = key == "fileData" || key == "file_data";
    if (!address && key != "inlineData" && key != "inline_data") {
      if (!out.more.is_object()) out.more = Json::object();
      out.more[key] = value;
      continue;
    }
    out.type = text_of(value, "mimeType", "mime_type");
    out.name = text_of(value, "displayName", "display_name");
    out.kind = kind_of(out.type);
    out.data = text(value, "data");
    out.url = text_of(value, "fileUri", "file_uri");
  }
  return out;
}

bool is_media(const Json& part) {
  return pick(part, "inlineData", "inline_data") || pick(part, "fileData", "file_data");
}

ToolCall call_of(const Json& call, const Json& part) {
  ToolCall out;
  out.id = text(call, "id");
  out.name = text(call, "name");
  const auto* args = member(call, "args");
  out.arguments = args ? dump(*args) : "{}";
  out.signature = text_of(part, "thoughtSignature", "thought_signature");
  return out;
}

ToolResult result_of(const Json& function) {
  ToolResult out;
  out.id = text(function, "id");
  out.name = text(function, "name");
  if (const auto* said = member(function, "response")) {
    const auto* error = member(*said, "error");
    const auto* output = member(*said, "output");
    const auto* plain = error ? error : output;
    const bool alone = plain && plain->is_string() && said->size() == 1;
    out.error = alone && error;
    auto words = alone ? plain->get<std::string>() : dump(*said);
    if (!words.empty()) out.content.push_back({Text{std::move(words), {}, {}}});
  }
  if (const auto* files = member(function, "parts"); files && files->is_array()) {
    for (const auto& file : *files) {
      if (is_media(file)) {
        out.content.push_back({media_of(file)});
      } else {
        out.content.push_back({Opaque{Dialect::gemini, file}});
      }
    }
  }
  return out;
}

/// A text, and the seal that stands on it.
void add_text(const Json& part, std::vector<Part>& into) {
  const auto said = text(part, "text"), seal = text_of(part, "thoughtSignature", "thought_signature");
  if (flag(part, "thought").value_or(false)) {
    into.push_back({Reasoning{said, seal, "", Dialect::gemini, false, false}});
    return;
  }
  if (!said.empty()) into.push_back({Text{said, {}, {}}});
  if (!seal.empty()) into.push_back({Reasoning{"", seal, "", Dialect::gemini, true, false}});
}

bool is_text(const Json& part) {
  for (const auto& [key, value] : part.items()) {
    const bool known = key == "text"
                           ? value.is_string()
                           : key == "thought" || key == "thoughtSignature" || key == "thought_signature";
    if (!known) return false;
  }
  return part.contains("text");
}

void add_part(const Json& part, std::vector<Part>& into) {
  if (const auto* call = pick(part, "functionCall", "function_call")) {
    into.push_back({call_of(*call, part)});
  } else if (is_text(part)) {
    add_text(part, into);
  } else if (is_media(part)) {
    into.push_back({media_of(part)});
  } else {
    into.push_back({Opaque{Dialect::gemini, part}});
  }
}

}  // namespace

const Json* pick(const Json& from, std::string_view camel, std::string_view snake) {
  const auto* found = member(from, camel);
  return found ? found : member(from, snake);
}

std::string text_of(const Json& from, std::string_view camel, std::string_view snake) {
  auto out = text(from, camel);
  return out.empty() ? text(from, snake) : out;
}

Result<std::vector<Part>> decode_parts(const Json& content, const std::string& where) {
  std::vector<Part> out;
  const auto* parts = member(content, "parts");
  if (content.is_string()) {
    out.push_back({Text{content.get<std::string>(), {}, {}}});
  } else if (parts && parts->is_object()) {
    add_part(*parts, out);
  } else if (parts && parts->is_array()) {
    for (const auto& part : *parts) {
      if (!part.is_object()) return invalid(where, "expected parts that are objects");
      add_part(part, out);
    }
  } else if (!content.is_object() || parts) {
    return invalid(where, "expected an object with 'parts'");
  }
  return out;
}

Result<void> decode_content(const Json& content, const std::string& where, std::vector<Message>& into) {
  if (!content.is_object()) return invalid(where, "expected an object with 'parts'");
  const auto role = text(content, "role");
  if (role != "model") {
    // Results first: they are messages of their own.
    Json rest = content;
    const auto* parts = member(content, "parts");
    if (parts && parts->is_array()) {
      rest["parts"] = Json::array();
      for (const auto& part : *parts) {
        if (const auto* result = pick(part, "functionResponse", "function_response")) {
          into.push_back({Role::tool, {{result_of(*result)}}, ""});
        } else {
          rest["parts"].push_back(part);
        }
      }
      if (rest["parts"].empty()) return {};
    }
    auto said = decode_parts(rest, where);
    if (!said) return tl::unexpected<Error>(said.error());
    into.push_back({Role::user, std::move(*said), ""});
    return {};
  }
  auto said = decode_parts(content, where);
  if (!said) return tl::unexpected<Error>(said.error());
  into.push_back({Role::assistant, std::move(*said), ""});
  return {};
}

}  // namespace troupe::dialects::gemini
