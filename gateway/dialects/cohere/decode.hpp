#pragma once
// Reading requests and whole answers. For the .cpp files of this room.
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::cohere {

Result<Conversation> decode_request(std::string_view body);
Result<Reply> decode_reply(std::string_view body);

/// One of `messages`; `where` begins the param of an error.
Result<Message> decode_message(const Json& from, const std::string& where);
/// The assistant's content, plan and calls, in this order, with its citations.
Result<std::vector<Part>> decode_assistant(const Json& from, const std::string& where);

}  // namespace troupe::dialects::cohere
