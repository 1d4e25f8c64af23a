#include "gateway/admin/assets.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>
#include <iterator>
#include <map>
#include <string>

namespace troupe::admin {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string_view type_of(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  return "image/svg+xml";
}

std::string compute_etag(std::string_view bytes) {
  unsigned char hash[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash);
  std::string out = "\"";
  for (int i = 0; i < 8; ++i) fmt::format_to(std::back_inserter(out), "{:02x}", hash[i]);
  return out + "\"";
}

std::string etag_of(const EmbeddedFile& file) {
  static const auto kTags = [] {
    std::map<std::string_view, std::string> tags;
    for (const auto& each : embedded_files()) tags[each.name] = compute_etag(each.bytes);
    return tags;
  }();
  return kTags.at(file.name);
}

}  // namespace

const EmbeddedFile* find_asset(std::string_view path) {
  constexpr std::string_view kPrefix = "/web/";
  const auto name = path == "/" ? "index.html" : path.starts_with(kPrefix) ? path.substr(kPrefix.size()) : "";
  for (const auto& file : embedded_files())
    if (file.name == name) return &file;
  return nullptr;
}

http::Response serve_asset(const EmbeddedFile& file, const http::Request& request) {
  http::Response out;
  const auto etag = etag_of(file);
  out.content_type = type_of(file.name);
  out.headers = {{"etag", etag},
                 {"cache-control", "no-cache"},
                 {"content-security-policy", std::string(kPolicy)},
                 {"x-content-type-options", "nosniff"},
                 {"referrer-policy", "no-referrer"}};
  if (request.header("if-none-match") == etag) {
    out.status = 304;
  } else {
    out.body = file.bytes;
  }
  return out;
}

}  // namespace troupe::admin
