#pragma once
// Namespaces of tools: Responses groups tools under a name, other dialects have one flat list. For the .cpp
// files of this room.
// Source: https://developers.openai.com/api/docs/guides/function-calling, "Defining namespaces".
#include <string>
#include <string_view>

#include "gateway/dialects/conversation.hpp"

namespace troupe::dialects::responses {

/// "SPACE__NAME"; `name` alone where `space` is empty.
std::string joined_name(std::string_view space, std::string_view name);

/// The name within its space.
std::string_view short_name(std::string_view joined, std::string_view space);

/// The space of the tool of this (joined) name; nullptr where it has none.
const ToolSpace* space_of(const Conversation& talk, std::string_view name);

}  // namespace troupe::dialects::responses
