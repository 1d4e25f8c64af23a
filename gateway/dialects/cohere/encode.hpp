#pragma once
// Writing requests and whole answers. For the .cpp files of this room.
#include <nlohmann/json.hpp>
#include <string>

#include "core/result.hpp"
#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::cohere {

using Ordered = nlohmann::ordered_json;

Result<std::string> encode_request(const Conversation& talk, const Target& target);
std::string encode_reply(const Reply& reply, const Framing& framing);

Result<Ordered> encode_messages(const Conversation& talk, const Target& target);
/// `tools` and `tool_choice`.
Result<void> add_tools(const Conversation& talk, const Target& target, Ordered& out);
Result<void> add_sampling(const Conversation& talk, const Target& target, Ordered& out);
void add_format(const Format& format, Ordered& out);
void add_thinking(const Conversation& talk, const Target& target, Ordered& out);

/// An assistant's `content`, `tool_plan`, `tool_calls` and `citations`. What it says right before it calls
/// tools is its plan. `thoughts`: they are wanted back.
void add_assistant(const std::vector<Part>& parts, bool thoughts, Ordered& out);

}  // namespace troupe::dialects::cohere
