#pragma once
// Moments as RFC 3339 writes them.
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::dialects {

/// Seconds since 1970 of "2026-05-19T14:59:42.780Z"; 0 when it is none. Zones are taken for UTC.
std::int64_t read_time(std::string_view text);
/// "" for 0.
std::string write_time(std::int64_t seconds);

}  // namespace troupe::dialects
