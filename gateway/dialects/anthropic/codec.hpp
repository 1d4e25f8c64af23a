#pragma once
// Anthropic's Messages API, as a provider's language and as a client's.
#include <string>
#include <string_view>

#include "core/units.hpp"
#include "gateway/dialects/codec.hpp"

namespace troupe::dialects::anthropic {

/// What stands in the body in place of the model where Vertex AI serves it (Target::flavour "vertex").
/// Source: docs.claude.com/en/api/claude-on-vertex-ai.
inline constexpr std::string_view kVertexVersion = "vertex-2023-10-16";

/// Whole bodies of POST /v1/messages and its stream. The body of /v1/messages/count_tokens is read by
/// decode_request as well: `max_tokens` may be absent.
const Codec& codec();

/// The answer of /v1/messages/count_tokens: {"input_tokens":N}.
std::string count_tokens_body(Tokens input);

}  // namespace troupe::dialects::anthropic
