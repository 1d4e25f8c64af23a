#pragma once
// /v1/embeddings at providers that have a shape of their own for it. For adapters.
#include <string>
#include <string_view>

#include "gateway/dialects/embeddings/shapes.hpp"
#include "gateway/dialects/request.hpp"
#include "gateway/providers/adapter.hpp"

namespace troupe::providers {

/// Fails with a caller_* fault that names what the provider cannot do.
Result<std::string> write_embedding(const dialects::Request& request,
                                    const dialects::embeddings::Shape& shape, std::string_view model);

/// A whole 2xx answer in OpenAI's shape; its usage is estimated where the provider tells none. A body that is
/// an error fails with what it means.
Result<WholeAnswer> read_embedding(const dialects::Request& request, const dialects::embeddings::Shape& shape,
                                   const AnswerHead& head, const std::string& body);

}  // namespace troupe::providers
