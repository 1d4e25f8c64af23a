#pragma once
// Identities.
#include <cstdint>
#include <string>

#include "core/random.hpp"
#include "core/time.hpp"

namespace troupe {

/// "req_" + UUIDv7 without dashes (RFC 9562 section 5.7): sortable by time, 36 characters.
std::string make_request_id(WallTime wall, Random& random);

/// True for 1 to 128 visible ASCII characters without spaces or quotes: what we accept as a caller's
/// `x-request-id`.
bool valid_request_id(std::string_view id);

}  // namespace troupe
