#pragma once
// Words of the chat dialect: why an answer ended, and under which name sealed thoughts travel.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/dialects/reply.hpp"

namespace troupe::dialects::chat {

/// "stop", "length", "tool_calls" or "content_filter".
std::string_view finish_word(Finish finish);
/// Any provider's word; `tools`: the answer calls tools (some say "stop" all the same).
Finish read_finish(std::string_view word, bool tools);

/// The `format` of an entry of `reasoning_details`, OpenRouter's shape for thoughts that must come back as
/// they were.
std::string_view seal_format(Dialect origin);
/// nullopt for a format that nobody here can use.
std::optional<Dialect> seal_origin(std::string_view format);

/// The id of a call that its provider gave none (Gemini's OpenAI shape): a result must be able to name it.
std::string made_call_id(std::string_view answer, std::size_t ordinal);

}  // namespace troupe::dialects::chat
