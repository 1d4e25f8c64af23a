#include "gateway/providers/request_line.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace troupe::providers {
namespace {

struct Parts {
  bool tls = false;
  std::string_view authority, path;
};

Parts split(std::string_view url) {
  Parts parts;
  parts.tls = boost::algorithm::istarts_with(url, "https://");
  if (const auto scheme = url.find("://"); scheme != url.npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("?#"));
  const auto slash = url.find('/');
  parts.authority = url.substr(0, slash);
  if (const auto at = parts.authority.rfind('@'); at != url.npos) parts.authority.remove_prefix(at + 1);
  parts.path = slash == url.npos ? std::string_view() : url.substr(slash);
  while (!parts.path.empty() && parts.path.back() == '/') parts.path.remove_suffix(1);
  return parts;
}

bool breaks_head(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos;
}

}  // namespace

Origin split_origin(std::string_view base_url, std::string_view fallback) {
  const auto parts = split(base_url.empty() ? fallback : base_url);
  auto host = parts.authority;
  Origin origin;
  origin.tls = parts.tls;
  origin.path_prefix = parts.path;
  const auto bracket = host.rfind(']');
  const auto colon = host.rfind(':');
  if (colon != host.npos && (bracket == host.npos || colon > bracket)) {
    origin.port = host.substr(colon + 1);
    host = host.substr(0, colon);
  }
  if (origin.port.empty()) origin.port = origin.tls ? "443" : "80";
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  origin.host = host;
  return origin;
}

std::string_view path_prefix(std::string_view base_url, std::string_view fallback) {
  return split(base_url.empty() ? fallback : base_url).path;
}

std::string path_segment(std::string_view text) {
  return boost::urls::encode(text, boost::urls::unreserved_chars + '@');
}

HeaderLines::HeaderLines(const config::Provider& provider, bool stream) : provider_(provider) {
  text_.reserve(384);
  for (const auto& [name, value] : provider.headers) {
    if (breaks_head(name) || breaks_head(value)) continue;
    text_.append(name).append(": ").append(value).append("\r\n");
  }
  add("Content-Type", "application/json");
  add("Accept", stream ? "text/event-stream" : "application/json");
  add("User-Agent", "troupe");
}

void HeaderLines::add(std::string_view name, std::string_view value) {
  if (breaks_head(value)) return;
  for (const auto& [set, unused] : provider_.headers) {
    if (boost::algorithm::iequals(set, name)) return;
  }
  text_.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace troupe::providers
