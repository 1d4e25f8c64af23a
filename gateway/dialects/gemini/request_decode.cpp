#include <fmt/format.h>

#include "gateway/dialects/gemini/decode.hpp"

namespace troupe::dialects::gemini {
namespace {

Result<void> take_contents(const Json& contents, Conversation& talk) {
  if (!contents.is_array()) return invalid("contents", "expected an array");
  for (std::size_t i = 0; i < contents.size(); ++i) {
    auto done = decode_content(contents[i], fmt::format("contents[{}]", i), talk.messages);
    if (!done) return done;
  }
  return {};
}

Result<void> take_field(const std::string& key, const Json& value, Conversation& talk) {
  if (key == "contents") return take_contents(value, talk);
  if (key == "tools") return decode_tools(value, talk);
  if (key == "model" && value.is_string()) {
    const auto said = value.get<std::string>();
    talk.model = said.substr(said.rfind('/') + 1);
  } else if ((key == "generationConfig" || key == "generation_config") && value.is_object()) {
    decode_config(value, talk);
  } else if ((key == "toolConfig" || key == "tool_config") && value.is_object()) {
    decode_choice(value, talk);
  } else if (key != "systemInstruction" && key != "system_instruction" && !value.is_null()) {
    talk.extras.emplace_back(key, value);
  }
  return {};
}

}  // namespace

Result<Conversation> decode_request(std::string_view body) {
  const auto from = read(body);
  if (!from.is_object()) return invalid("body", "expected a JSON object");
  if (!member(from, "contents")) return invalid("contents", "it is required");
  Conversation talk;
  talk.origin = Dialect::gemini;
  if (const auto* system = pick(from, "systemInstruction", "system_instruction")) {
    auto parts = decode_parts(*system, "systemInstruction");
    if (!parts) return tl::unexpected<Error>(parts.error());
    if (!parts->empty()) talk.messages.push_back({Role::system, std::move(*parts), ""});
  }
  for (const auto& [key, value] : from.items()) {
    if (auto done = take_field(key, value, talk); !done) return tl::unexpected<Error>(done.error());
  }
  resolve_tool_names(talk);
  return talk;
}

}  // namespace troupe::dialects::gemini
