#pragma once
// Ollama's own chat API.
#include "gateway/dialects/codec.hpp"

namespace troupe::dialects::ollama {

/// POST /api/chat. Source: docs.ollama.com/api/chat.
const Codec& codec();

}  // namespace troupe::dialects::ollama
