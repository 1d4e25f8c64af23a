#pragma once
// Dates as HTTP and JSON write them.
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace troupe::providers {

/// RFC 3339 ("2026-08-19T14:39:18Z", fractions and offsets too); nullopt for anything else.
std::optional<WallTime> parse_rfc3339(std::string_view text);

/// An HTTP date in the form that is still sent: "Wed, 21 Oct 2015 07:28:00 GMT" (RFC 9110, section 5.6.7).
std::optional<WallTime> parse_http_date(std::string_view text);

}  // namespace troupe::providers
