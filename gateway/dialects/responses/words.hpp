#pragma once
// Names of the Responses dialect: ids of answers and items, and seals as they travel in `encrypted_content`.
#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/dialects/reply.hpp"

namespace troupe::dialects::responses {

/// The sealed form of a thought, or of a tool call (Gemini's thoughtSignature).
struct Seal {
  Dialect origin = Dialect::responses;
  std::string_view signature;
  bool redacted = false;  ///< of a thought without text; told only of foreign seals
  bool of_call = false;   ///< belongs to the tool call that follows
};

/// OpenAI's own as it is; a foreign one with its origin before it: "anthropic#EuY...",
/// "anthropic#redacted#...", "gemini#call#...". Seals are base64, so '#' cannot stand in one.
std::string pack_seal(const Seal& seal);
/// The inverse; `signature` points into `packed`.
Seal unpack_seal(std::string_view packed);

/// "resp_...": OpenAI's own as it is, others made from the provider's letters and digits; `fallback` where
/// the provider gave none.
std::string response_id(std::string_view given, std::string_view fallback);
/// "msg_..._2": the same for the same place of the same answer, at most 64 characters (OpenAI's limit).
std::string item_id(std::string_view prefix, std::string_view response_id, std::size_t index);

/// "completed", "incomplete" or "failed".
std::string_view status_word(Finish finish);
/// The reason of an incomplete answer: "max_output_tokens", "content_filter", or "".
std::string_view incomplete_reason(Finish finish);
Finish read_finish(std::string_view status, std::string_view reason, bool tools);

}  // namespace troupe::dialects::responses
