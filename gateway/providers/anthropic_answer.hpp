#pragma once
// A whole answer of the Messages API in OpenAI's shape. For the .cpp files of this room.
#include <optional>
#include <string>
#include <string_view>

#include "gateway/providers/adapter.hpp"
#include "gateway/providers/json_document.hpp"

namespace troupe::providers::anthropic {

/// `message` is the parsed answer; nullopt when it is none. What has no place in OpenAI's shape stands under
/// `message.anthropic`: signed thinking blocks, citations, server tools and their results.
std::optional<WholeAnswer> translate_answer(const json::object& message, std::int64_t created);

/// A web citation as OpenAI's url_citation annotation, "" for citations of documents.
std::string annotation(const json::object& citation, std::size_t start, std::size_t end);

/// `text` as a JSON string, appended.
void append_string(std::string& out, std::string_view text);

}  // namespace troupe::providers::anthropic
