#pragma once
// Cohere's chat API, version 2.
#include "gateway/dialects/codec.hpp"

namespace troupe::dialects::cohere {

/// Source: docs.cohere.com/reference/chat and /reference/chat-stream.
const Codec& codec();

}  // namespace troupe::dialects::cohere
