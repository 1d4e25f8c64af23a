#pragma once
// Writing chat requests and answers. For the .cpp files of this room.
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::chat {

using Ordered = nlohmann::ordered_json;

Result<std::string> encode_request(const Conversation& talk, const Target& target);
std::string encode_reply(const Reply& reply, const Framing& framing);

/// All messages of a conversation as this provider takes them; fails naming what it cannot say.
Result<Ordered> encode_messages(const Conversation& talk, const Target& target);

/// Mistral takes only ids of nine letters and digits: others are rewritten, always to the same.
std::string call_id(std::string_view id, const Target& target);

/// {"type":"reasoning.text",...}: one entry of `reasoning_details`.
void append_seal(std::string& out, Dialect origin, std::string_view text, std::string_view signature,
                 bool redacted);
/// {"type":"url_citation",...}; "" when the citation has no address.
std::string annotation(const Citation& citation);

}  // namespace troupe::dialects::chat
