#pragma once
// The small HTTP requests by which credentials are fetched, as values: whoever has a network performs them.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace troupe::cloud {

/// Both clocks at once: spans are measured on one, dates compared with the other.
struct Moment {
  Time now{};
  WallTime wall{};
};

/// Where an http:// or https:// URL points.
struct Url {
  std::string host, port;  ///< an IPv6 host without brackets; the port is never empty
  std::string target;      ///< path and query, at least "/"
  bool tls = false;
  /// host[:port] as the Host header wants it.
  std::string authority() const;
  friend bool operator==(const Url&, const Url&) = default;
};

/// Fails for anything but an absolute http(s) URL without user and fragment; the error does not repeat it.
Result<Url> parse_url(std::string_view text);

/// The machine itself, by name or address.
bool is_loopback(std::string_view host);

struct Ask {
  std::string method = "GET";
  Url url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Duration timeout = std::chrono::seconds(10);  ///< for all of it
  bool direct = false;  ///< never through a proxy: the address means something else there
};

/// Larger ones are cut off by whoever reads them, and are no credential.
inline constexpr std::size_t kLargestReply = 256 << 10;

struct Reply {
  int status = 0;
  std::string body;
};

}  // namespace troupe::cloud
