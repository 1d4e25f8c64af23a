#pragma once
// Where connections go, and whether a proxy stands between.
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace troupe::http {

struct Origin {
  std::string host, port;
  bool tls = false;
  std::string ca_file;                 ///< PEM bundle instead of the system's; empty = system's
  std::string proxy_host, proxy_port;  ///< empty = direct
  std::string proxy_login{};           ///< a secret: "Basic ..." for Proxy-Authorization; empty = none
  /// Connections with the same identity may serve the same calls.
  std::string identity() const;
};

struct HostPort {
  std::string host, port;
};

/// "host:port", "[v6]:port", ":port" (all interfaces). Fails with what is expected.
Result<HostPort> split_host_port(std::string_view text);

using GetEnv = std::function<std::optional<std::string>(const std::string&)>;

/// The proxy for a host by the conventions of curl: the configured one first ("none" switches off), else
/// HTTPS_PROXY/https_proxy (or http_proxy for plain), else ALL_PROXY, unless NO_PROXY covers the host. Fills
/// proxy_host, proxy_port and, from "http://user:password@host:port", proxy_login (RFC 7617; %XX is decoded).
/// Plain HTTP to loopback (a local model, the embedded mock) never uses an environment proxy.
void choose_proxy(Origin& origin, const std::string& configured, const GetEnv& env);

/// NO_PROXY's rule: comma list of hosts; ".example.com" and "example.com" cover subdomains; "*" covers all;
/// an entry with ":port" covers that port only.
bool no_proxy_covers(std::string_view list, std::string_view host, std::string_view port);

}  // namespace troupe::http
