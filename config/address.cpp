#include "config/address.hpp"

#include <arpa/inet.h>
#include <algorithm>
#include <charconv>

namespace troupe::config {
namespace {

struct HostPort {
  std::string host;
  std::optional<std::string_view> port;
};

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(port) : std::nullopt;
}

/// Splits "host", "host:port", "[v6]", "[v6]:port".
std::optional<HostPort> split(std::string_view text) {
  const bool bracketed = !text.empty() && text.front() == '[';
  const auto close = bracketed ? text.find(']') : text.find(':');
  if (bracketed && close == std::string_view::npos) return std::nullopt;
  const auto host = bracketed ? text.substr(1, close - 1) : text.substr(0, close);
  const auto rest =
      close == std::string_view::npos ? std::string_view{} : text.substr(close + (bracketed ? 1 : 0));
  if (host.empty()) return std::nullopt;
  if (rest.empty()) return HostPort{std::string(host), std::nullopt};
  if (rest.front() != ':') return std::nullopt;
  return HostPort{std::string(host), rest.substr(1)};
}

bool is_v4(const std::string& host) {
  in_addr bytes{};
  return inet_pton(AF_INET, host.c_str(), &bytes) == 1;
}

bool is_v6(const std::string& host) {
  in6_addr bytes{};
  return inet_pton(AF_INET6, host.c_str(), &bytes) == 1;
}

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  if (is_v4(host)) return host.rfind("127.", 0) == 0;
  in6_addr bytes{};
  return inet_pton(AF_INET6, host.c_str(), &bytes) == 1 && IN6_IS_ADDR_LOOPBACK(&bytes);
}

bool host_letters(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  const auto parts = split(text);
  if (!parts || !parts->port) return std::nullopt;
  const auto port = parse_port(*parts->port);
  const bool v6 = text.front() == '[';
  const bool known = v6 ? is_v6(parts->host) : is_v4(parts->host) || parts->host == "localhost";
  if (!port || !known) return std::nullopt;
  return Address{parts->host, *port, is_loopback(parts->host)};
}

std::optional<Address> parse_endpoint(std::string_view text) {
  const auto parts = split(text);
  if (!parts || !parts->port) return std::nullopt;
  const auto port = parse_port(*parts->port);
  const bool known = text.front() == '[' ? is_v6(parts->host) : host_letters(parts->host);
  if (!port || *port == 0 || !known || parts->host.size() > 253) return std::nullopt;
  return Address{parts->host, *port, is_loopback(parts->host)};
}

std::optional<WebUrl> parse_url(std::string_view text) {
  const bool tls = text.starts_with("https://");
  if (!tls && !text.starts_with("http://")) return std::nullopt;
  text.remove_prefix(tls ? 8 : 7);
  const auto slash = std::min(text.find('/'), text.size());
  const auto path = text.substr(slash);
  const bool clean = std::all_of(path.begin(), path.end(), [](char c) {
    return c > ' ' && c < 127 && c != '?' && c != '#' && c != '\\';
  });
  const auto parts = split(text.substr(0, slash));
  if (!clean || !parts || !(is_v6(parts->host) || host_letters(parts->host))) return std::nullopt;
  const auto port = parts->port ? parse_port(*parts->port) : std::optional<std::uint16_t>(tls ? 443 : 80);
  if (!port || *port == 0) return std::nullopt;
  return WebUrl{tls, parts->host, *port, std::string(path), is_loopback(parts->host)};
}

namespace {

struct UserPart {
  std::string_view scheme, user, rest;  ///< "http://", "user:password@", "host:port"
};

UserPart split_user(std::string_view url) {
  const auto scheme = url.find("://");
  const auto from = scheme == std::string_view::npos ? 0 : scheme + 3;
  const auto at = url.rfind('@');
  const auto rest = at == std::string_view::npos || at < from ? from : at + 1;
  return {url.substr(0, from), url.substr(from, rest - from), url.substr(rest)};
}

}  // namespace

bool valid_proxy(std::string_view text) {
  const auto parts = split_user(text);
  const auto clean = [](char c) { return c > ' ' && c < 0x7f && c != '/' && c != '?' && c != '#'; };
  if (!std::all_of(parts.user.begin(), parts.user.end(), clean)) return false;
  const auto url = parse_url(std::string(parts.scheme).append(parts.rest));
  return url && !url->tls && (url->path.empty() || url->path == "/");
}

std::string without_user(std::string_view url) {
  const auto parts = split_user(url);
  if (parts.user.empty()) return std::string(url);
  return std::string(parts.scheme).append("***@").append(parts.rest);
}

}  // namespace troupe::config
