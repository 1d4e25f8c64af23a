#pragma once
// Embeddings of the mock: texts that share words are near to each other.
#include "core/result.hpp"
#include "gateway/mock/json.hpp"

namespace troupe::mock {

/// POST /v1/embeddings: input as text or list of texts, dimensions (default 256, at most 4096),
/// encoding_format float or base64. Vectors have length 1. Fails with caller_bad_request.
Result<Json> embeddings(const Json& body);

}  // namespace troupe::mock
