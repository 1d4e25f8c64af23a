#pragma once
// Reading requests and answers. For the .cpp files of this room.
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::responses {

Result<Conversation> decode_request(std::string_view body);
Result<Reply> decode_reply(std::string_view body);

/// The body as a value; null for what is no JSON object, is nested deeper than 1024 levels or holds bytes
/// that are no UTF-8.
Json parse_body(std::string_view body);

/// `input`: a text or a list of items. Neighbouring items of the assistant's are one message, neighbouring
/// results of tools one turn; a message item that follows a message item is a message of its own.
Result<std::vector<Message>> decode_input(const Json& input);
/// A `content` or an `output`: a text, or parts; `where` begins the param of an error.
Result<std::vector<Part>> decode_content(const Json& content, const std::string& where);

/// A `function_call` or `custom_tool_call` item, its id being the call's.
ToolCall read_call(const Json& item);
/// A `reasoning` item. What we made ourselves for a foreign thought comes back as that.
Reasoning read_reasoning(const Json& item);
/// The annotations of an `output_text` as citations of `said`; `before`: bytes of the message before it.
void read_annotations(const Json& part, std::int64_t before, Text& said);

}  // namespace troupe::dialects::responses
