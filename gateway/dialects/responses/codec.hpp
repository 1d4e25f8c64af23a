#pragma once
// OpenAI's Responses API (platform.openai.com/docs/api-reference/responses) to and from the model of a
// conversation.
#include "gateway/dialects/codec.hpp"

namespace troupe::dialects::responses {

/// All directions. Notes:
/// - fields that lean on what the provider keeps stand in `Conversation::extras`; see state.hpp.
/// - streams do not say that a call is one of a custom tool: the encoder knows it from Framing::asked.
/// - a failure after the start of a stream: see failure.hpp.
const Codec& codec();

}  // namespace troupe::dialects::responses
