#pragma once
// Reading chat requests and answers. For the .cpp files of this room.
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::chat {

Result<Conversation> decode_request(std::string_view body);
Result<Reply> decode_reply(std::string_view body);

/// One element of `messages`; `where` begins the param of an error.
Result<Message> decode_message(const Json& from, const std::string& where);
/// A `content`: text, or parts.
Result<std::vector<Part>> decode_content(const Json& content, const std::string& where);
/// The assistant's thoughts: sealed ones, else the plain text of `reasoning_content` or `reasoning`.
std::vector<Part> decode_reasoning(const Json& message);
/// `tool_calls`; entries that are none are passed over.
std::vector<Part> decode_calls(const Json& message);
/// What other dialects left under their names: Opaque parts, and citations for the last text.
void decode_extensions(const Json& message, std::vector<Part>& parts);

}  // namespace troupe::dialects::chat
