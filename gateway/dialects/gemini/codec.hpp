#pragma once
// Google's generateContent: the Gemini API and Vertex AI.
#include "gateway/dialects/codec.hpp"

namespace troupe::dialects::gemini {

/// The model and whether the answer is streamed stand in the URL, not in the body: requests are written
/// without them. Source: ai.google.dev/api/generate-content.
const Codec& codec();

}  // namespace troupe::dialects::gemini
