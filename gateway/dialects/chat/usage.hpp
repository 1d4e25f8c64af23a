#pragma once
// Usage as OpenAI-shaped providers report it, and as chat clients read it.
#include <optional>
#include <string>

#include "core/units.hpp"
#include "gateway/dialects/document.hpp"

namespace troupe::dialects::chat {

/// Reads a `usage` object of any provider of this shape. Reasoning that a provider counts beside its
/// completion tokens (xAI) is added to them.
Usage read_usage(const doc::object& usage);
/// The `usage` of an answer or a chunk, or Groq's `x_groq.usage`; nullopt when there is none.
std::optional<Usage> find_usage(const doc::object& answer);
/// Appends {"prompt_tokens":...,"completion_tokens":...,"total_tokens":...,...}.
void append_usage(std::string& out, const Usage& usage);

}  // namespace troupe::dialects::chat
