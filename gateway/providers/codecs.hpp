#pragma once
// The codec of every dialect.
#include "gateway/dialects/codec.hpp"

namespace troupe::providers {

/// Lives for ever.
const dialects::Codec& codec(dialects::Dialect dialect);

}  // namespace troupe::providers
