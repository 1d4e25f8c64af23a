#pragma once
// Where a provider's calls go and the header lines that every call of it carries. For the .cpp files of this
// room.
#include <string>
#include <string_view>

#include "config/types.hpp"
#include "gateway/providers/adapter.hpp"

namespace troupe::providers {

/// Splits "https://host:port/prefix"; `fallback` where the provider names no URL of its own. IPv6 hosts lose
/// their brackets in Origin::host. The configuration has checked the URL already.
Origin split_origin(std::string_view base_url, std::string_view fallback);

/// The path of a base URL without its trailing slash, "" for none. No allocation.
std::string_view path_prefix(std::string_view base_url, std::string_view fallback);

/// `text` as one segment of a path, percent-encoded (RFC 3986): Bedrock's model ids hold ':' and '/'. An '@'
/// stays: Vertex' versions have one.
std::string path_segment(std::string_view text);

/// Starts the header lines of a call: content type, accept, user agent, and the provider's configured
/// headers, which win over ours of the same name.
class HeaderLines {
 public:
  HeaderLines(const config::Provider& provider, bool stream);
  /// Adds a line unless the configuration set this name, or the value would break the head.
  void add(std::string_view name, std::string_view value);
  std::string take() { return std::move(text_); }

 private:
  const config::Provider& provider_;
  std::string text_;
};

}  // namespace troupe::providers
