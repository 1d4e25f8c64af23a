#pragma once
// Reading requests and whole answers. For the .cpp files of this room.
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::gemini {

Result<Conversation> decode_request(std::string_view body);
Result<Reply> decode_reply(std::string_view body);

/// Google reads both spellings of a name, and its clients write both. nullptr when absent or null.
const Json* pick(const Json& from, std::string_view camel, std::string_view snake);
/// "" when absent or no string.
std::string text_of(const Json& from, std::string_view camel, std::string_view snake);

/// One of `contents`: answers to calls become messages of their own. `where` names it in errors.
Result<void> decode_content(const Json& content, const std::string& where, std::vector<Message>& into);
/// The parts of a content, or of `systemInstruction`.
Result<std::vector<Part>> decode_parts(const Json& content, const std::string& where);

/// `generationConfig`; what is not known there is left in an extra of that name.
void decode_config(const Json& config, Conversation& talk);
/// `tools` and `toolConfig`; what is not known there is kept.
Result<void> decode_tools(const Json& tools, Conversation& talk);
void decode_choice(const Json& config, Conversation& talk);

}  // namespace troupe::dialects::gemini
