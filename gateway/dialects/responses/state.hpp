#pragma once
// Requests that lean on what a provider keeps: no other can answer them.
#include <optional>

#include "core/result.hpp"
#include "gateway/dialects/conversation.hpp"

namespace troupe::dialects::responses {

/// A 400 that names the first field of a Responses request that only a provider of the same dialect can
/// serve: previous_response_id, conversation, prompt, background, or an item_reference in `input`. nullopt
/// when there is none. For targets that do not speak this dialect.
std::optional<Error> needs_native(const Conversation& talk);

}  // namespace troupe::dialects::responses
