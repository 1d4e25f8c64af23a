#pragma once
// Usage as OpenAI-shaped providers report it. For the .cpp files of this room.
#include <optional>

#include "core/units.hpp"
#include "gateway/providers/json_document.hpp"

namespace troupe::providers {

/// Reads a `usage` object. Cached tokens stand in four places (OpenAI, DeepSeek, Together, Mistral).
/// Reasoning counts as output: where `total_tokens` shows that a provider left it out of `completion_tokens`
/// (xAI) it is added.
Usage read_openai_usage(const json::object& usage);

/// The usage of an answer or chunk: `usage`, or Groq's `x_groq.usage`. nullopt when there is none.
std::optional<Usage> find_openai_usage(const json::object& answer);

}  // namespace troupe::providers
