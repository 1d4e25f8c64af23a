#pragma once
// OpenAI chat completions, and the many providers that are shaped like them.
#include "gateway/dialects/codec.hpp"

namespace troupe::dialects::chat {

/// `Target::flavour` names the provider where it differs from OpenAI: "openai", "azure", "mistral", "groq",
/// "deepseek", "openrouter", "together", "xai", "cerebras", "vllm", "ollama"; "" = any other.
const Codec& codec();

}  // namespace troupe::dialects::chat
