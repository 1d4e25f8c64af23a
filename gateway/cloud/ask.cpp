#include "gateway/cloud/ask.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace troupe::cloud {
namespace {

std::string_view view(boost::core::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace

std::string Url::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (tls ? "443" : "80")) text.append(":").append(port);
  return text;
}

Result<Url> parse_url(std::string_view text) {
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  const auto bad = [] { return fail(Fault::provider_bad_request, "not an http:// or https:// URL"); };
  if (!parsed) return bad();
  const auto scheme = view(parsed->scheme());
  const bool http = scheme == "http" || scheme == "https";
  if (!http || parsed->encoded_host().empty() || parsed->has_userinfo() || parsed->has_fragment())
    return bad();
  Url url;
  url.tls = scheme == "https";
  url.host = view(parsed->encoded_host_address());
  url.port = parsed->port().empty() ? (url.tls ? "443" : "80") : std::string(view(parsed->port()));
  url.target = view(parsed->encoded_target());
  if (url.target.empty() || url.target.front() != '/') url.target.insert(0, "/");
  return url;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace troupe::cloud
