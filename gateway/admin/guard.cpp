#include "gateway/admin/guard.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <algorithm>
#include <array>
#include <cctype>

namespace troupe::admin {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest digest(std::string_view text) {
  Digest out{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data());
  return out;
}

/// Digests have one length, so neither content nor length shows in the time.
bool same_secret(std::string_view a, std::string_view b) {
  const auto left = digest(a), right = digest(b);
  return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view bearer(std::string_view header) {
  constexpr std::string_view kScheme = "bearer ";
  if (!equal_ignoring_case(header.substr(0, kScheme.size()), kScheme)) return {};
  return header.substr(kScheme.size());
}

std::string_view host_part(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

bool is_loopback_v4(std::string_view host) {
  const bool numeric =
      std::all_of(host.begin(), host.end(), [](unsigned char c) { return std::isdigit(c) || c == '.'; });
  return numeric && host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3;
}

bool is_loopback_origin(std::string_view origin) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (origin.starts_with(scheme)) return is_loopback(origin.substr(scheme.size()));
  return false;
}

bool is_change(const http::Request& request) {
  return request.method != "GET" && request.method != "HEAD";
}

}  // namespace

bool is_loopback(std::string_view host_and_port) {
  const auto host = host_part(host_and_port);
  return equal_ignoring_case(host, "localhost") || host == "[::1]" || host == "[::ffff:127.0.0.1]" ||
         is_loopback_v4(host);
}

Entry admit(const http::Request& request, const config::Secret& token) {
  if (!token.empty())
    return same_secret(bearer(request.header("authorization")), token.reveal()) ? Entry::allowed
                                                                                : Entry::unauthorised;
  if (!is_loopback(request.peer)) return Entry::unauthorised;
  if (!is_loopback(request.header("host"))) return Entry::forbidden;
  const auto origin = request.header("origin");
  if (is_change(request) && !origin.empty() && !is_loopback_origin(origin)) return Entry::forbidden;
  return Entry::allowed;
}

}  // namespace troupe::admin
