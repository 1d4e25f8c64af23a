#pragma once
// Written quantities and what they mean: durations, sizes, shares, prices. Units are required.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/cluster_config.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace troupe::config {

/// "500ms", "1.5s", "2m", "1h", "1d" (ns, us, ms, s, m, h, d). nullopt without a unit, with a sign, or beyond
/// 292 years.
std::optional<Duration> parse_duration(std::string_view text);
/// The shortest exact form: "30s", "1500ms", "2m".
std::string format_duration(Duration span);

/// "20MiB", "64KiB", "1.5GB", "512B": binary (KiB, MiB, GiB, TiB) and decimal (kB, KB, MB, GB, TB) units.
std::optional<std::int64_t> parse_size(std::string_view text);
std::string format_size(std::int64_t bytes);

/// A share of a whole: "20%" or "0.2". Range is the caller's business.
std::optional<double> parse_share(std::string_view text);
std::string format_share(double share);

/// "500ppm": whole parts per million. nullopt without the unit.
std::optional<Ppm> parse_ppm(std::string_view text);
std::string format_ppm(Ppm rate);

/// A decimal number without exponent, sign allowed.
std::optional<double> parse_real(std::string_view text);
std::string format_real(double number);
/// A whole number, sign allowed, no separators.
std::optional<std::int64_t> parse_whole(std::string_view text);
/// true/false, on/off, yes/no in lower case.
std::optional<bool> parse_flag(std::string_view text);

/// "2.50/Mtok" (a leading "$" is allowed): US dollars per million tokens, up to six decimals. Exact.
std::optional<Money> parse_price(std::string_view text);
/// Per-token price as "2.5/Mtok".
std::string format_price(Money per_token);

/// "2027-01-01" (midnight UTC) or "2027-01-01T08:30:00Z"; years 1970 to 2200.
std::optional<WallTime> parse_moment(std::string_view text);
/// The shorter of the two forms; parts of seconds are dropped.
std::string format_moment(WallTime at);

}  // namespace troupe::config
