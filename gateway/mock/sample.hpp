#pragma once
// A value that a JSON schema accepts.
#include "gateway/mock/json.hpp"

namespace troupe::mock {

/// Deterministic. Understands what structured outputs and tools use: type, properties, items, enum, const,
/// default, bounds, format, anyOf/oneOf/allOf, local $ref. Recursion ends at 16 levels with null.
Json sample(const Json& schema);

}  // namespace troupe::mock
