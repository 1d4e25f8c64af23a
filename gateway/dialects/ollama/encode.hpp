#pragma once
// Writing requests and whole answers. For the .cpp files of this room.
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::ollama {

using Ordered = nlohmann::ordered_json;

Result<std::string> encode_request(const Conversation& talk, const Target& target);
std::string encode_reply(const Reply& reply, const Framing& framing);

/// One message with its texts joined; a tool message for each result.
Result<void> add_message(const Message& message, bool thoughts, Ordered& out);
Ordered call_json(const ToolCall& call);
/// The members of an answer's last object after "message".
void add_ending(const Reply& reply, Ordered& out);

}  // namespace troupe::dialects::ollama
