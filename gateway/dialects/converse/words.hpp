#pragma once
// Words of the Converse API: why an answer ended, seals, ids, base64. For the .cpp files of this room.
#include <string>
#include <string_view>
#include <vector>

#include "gateway/dialects/conversation.hpp"
#include "gateway/dialects/reply.hpp"

namespace troupe::dialects::converse {

/// "end_turn", "tool_use", ...; `detail` is the word itself where a decoder kept it; `tools`: the answer
/// calls tools (some providers say "stop" all the same).
std::string_view stop_word(Finish finish, std::string_view detail, bool tools);
/// Finish::unknown for a word that nobody knows.
Finish read_stop(std::string_view word);
/// The word, where it says more than Finish does: of an answer that was filtered or that failed.
std::string_view stop_detail(std::string_view word);

/// A redacted thought is bytes in base64 here. Claude's bytes are the text that Anthropic's API says, and are
/// kept as that text; others keep their base64 behind "base64:".
std::string redacted_text(std::string_view base64);
std::string redacted_base64(std::string_view text);

/// `id` as toolUseId allows it: letters, digits, '_' and '-', at most 64 of them. Longer ones end in a hash.
std::string safe_call_id(std::string_view id);

/// Says of every citation which bytes of the message's text rest on it: those of its block.
void place_citations(std::vector<Part>& parts);

}  // namespace troupe::dialects::converse
