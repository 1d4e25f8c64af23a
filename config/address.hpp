#pragma once
// Listen addresses and URLs, as far as a configuration must know them.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::config {

/// "127.0.0.1:8080", "[::1]:8080", "localhost:8080", "0.0.0.0:0".
struct Address {
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
  bool loopback = false;
};

/// nullopt unless the host is an IP address or `localhost` and the port is a number from 0 to 65535.
std::optional<Address> parse_address(std::string_view text);

/// An address, or a host name in place of the IP address, with a port other than 0: what can be dialled.
/// A name is resolved by whoever dials; only `localhost` counts as loopback.
std::optional<Address> parse_endpoint(std::string_view text);

/// An http or https URL without user, query and fragment.
struct WebUrl {
  bool tls = false;
  std::string host;  ///< without brackets
  std::uint16_t port = 0;
  std::string path;  ///< "" or begins with '/'
  bool loopback = false;
};

std::optional<WebUrl> parse_url(std::string_view text);

/// An http URL without path, with or without "user:password@".
bool valid_proxy(std::string_view text);

/// `url` with what stands before its last '@' as "***": what may be shown.
std::string without_user(std::string_view url);

}  // namespace troupe::config
