#pragma once
// A request's input tokens before the call: of the conversation model, and of OpenAI's chat body in place.
#include <string_view>

#include "core/result.hpp"
#include "gateway/dialects/conversation.hpp"
#include "gateway/tokens/tally.hpp"

namespace troupe::tokens {

/// The input of any dialect's request, as `tally`'s model would count it. Exact for a chat of texts with one
/// of OpenAI's models; tools, pictures and files are estimates.
Count count_conversation(const dialects::Conversation& talk, Tally tally);

/// The same of an OpenAI chat completion body, without decoding it into a conversation: `body` is valid JSON
/// (dialects::parse_chat_request has seen it). Fails with caller_bad_request when it is not; what has an
/// unexpected shape counts as nothing.
Result<Count> count_chat_body(std::string_view body, Tally tally);

}  // namespace troupe::tokens
