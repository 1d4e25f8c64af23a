#pragma once
// Where a caller may come from.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::config {

/// An IPv6 address; IPv4 as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2), so that both are compared alike.
using IpBytes = std::array<unsigned char, 16>;

/// nullopt when it is no address; zones ("%eth0") are left out.
std::optional<IpBytes> parse_ip(std::string_view text);

/// "10.0.0.0/8", "2001:db8::/32", or one address.
class IpRange {
 public:
  static std::optional<IpRange> parse(std::string_view text);
  bool holds(const IpBytes& address) const;

 private:
  IpBytes base_{};
  int prefix_ = 128;  ///< bits of 128
};

/// Whether one of `ranges` holds `address`; none at all holds everything, no address is in none.
bool within(const std::vector<std::string>& ranges, std::string_view address);

}  // namespace troupe::config
