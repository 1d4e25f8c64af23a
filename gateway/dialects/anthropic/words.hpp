#pragma once
// Words of the Messages API: why an answer ended, and how seals of other providers travel through it. For the
// .cpp files of this room.
#include <string>
#include <string_view>
#include <vector>

#include "gateway/dialects/events.hpp"

namespace troupe::dialects::anthropic {

/// "end_turn", "tool_use", ...; `tools`: the answer calls tools (some providers say "stop" all the same);
/// `refused`: it declines in words of its own.
std::string_view stop_word(Finish finish, bool tools, bool refused);
/// Finish::unknown for a word that nobody knows.
Finish read_stop(std::string_view word);

/// Before the seal of a tool call (ToolCall::signature) in the `data` of a redacted block that stands before
/// that call: Gemini wants it back, and clients keep such blocks where they drop unknown members of a call.
inline constexpr std::string_view kCallSeal = "gemini.call#";

/// Takes the redacted blocks that hold the seals of calls out, and puts the seals into the calls after them.
void join_call_seals(std::vector<Part>& parts);

/// Says of every citation which bytes of the message's text rest on it: those of its block.
void place_citations(std::vector<Part>& parts);

/// `id` with every character that the API refuses in the id of a tool call as '_'.
std::string safe_call_id(std::string_view id);
/// An id of an answer: the provider's when it is one of Anthropic's, else the framing's.
std::string message_id(std::string_view id, const Framing& framing);
/// An id of a tool call where the provider gave none.
std::string call_id(std::string_view id, const std::string& message, std::size_t ordinal);

}  // namespace troupe::dialects::anthropic
