#include "gateway/cloud/sigv4.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "gateway/cloud/percent.hpp"

namespace troupe::cloud {
namespace {

using Header = std::pair<std::string_view, std::string_view>;

/// 20150830T123600Z.
std::string stamp_of(WallTime wall) {
  const auto second = std::chrono::floor<std::chrono::seconds>(wall.time_since_epoch()).count();
  const auto at = static_cast<std::time_t>(second);
  std::tm parts{};
  gmtime_r(&at, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts)};
}

std::span<const unsigned char> bytes_of(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

bool space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Without space around it, and runs of spaces within as one.
std::string trimmed(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (!space(c)) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string names_of(const std::vector<Header>& headers) {
  std::string names;
  for (const auto& [name, value] : headers) names.append(names.empty() ? "" : ";").append(name);
  return names;
}

std::string canonical_request(const SignedCall& call, const std::vector<Header>& headers,
                              std::string_view names) {
  const auto question = call.target.find('?');
  const auto query = question == std::string_view::npos ? "" : call.target.substr(question + 1);
  std::string text(call.method);
  text.append("\n").append(canonical_path(call.target.substr(0, question)));
  text.append("\n").append(canonical_query(query)).append("\n");
  for (const auto& [name, value] : headers) text.append(name).append(":").append(trimmed(value)).append("\n");
  return text.append("\n").append(names).append("\n").append(hex(sha256(call.body)));
}

}  // namespace

std::string canonical_path(std::string_view path) {
  std::vector<std::string_view> segments;
  for (std::size_t at = 0; at < path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    const auto segment = path.substr(at, end - at);
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
    at = end + 1;
  }
  std::string out;
  for (const auto& segment : segments) out.append("/").append(percent_encode(segment));
  if (segments.empty() || path.back() == '/') out.append("/");
  return out;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (part.empty()) continue;
    const auto equals = part.find('=');
    const auto value = equals == std::string_view::npos ? "" : part.substr(equals + 1);
    pairs.emplace_back(percent_encode(percent_decode(part.substr(0, equals))),
                       percent_encode(percent_decode(value)));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [name, value] : pairs)
    out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
  return out;
}

Signer::Signer(std::string region, std::string service)
    : region_(std::move(region)), service_(std::move(service)) {}

const Digest& Signer::day_key(std::string_view day, const AwsKey& key) {
  if (day != day_ || key.secret != secret_) {
    auto step = hmac_sha256(bytes_of("AWS4" + key.secret.reveal()), day);
    step = hmac_sha256(step, region_);
    step = hmac_sha256(step, service_);
    day_key_ = hmac_sha256(step, "aws4_request");
    day_ = day;
    secret_ = key.secret;
  }
  return day_key_;
}

std::string Signer::lines(const SignedCall& call, const AwsKey& key, WallTime wall) {
  const auto stamp = stamp_of(wall);
  const std::string_view day = std::string_view(stamp).substr(0, 8);
  const auto& token = key.session_token.reveal();
  auto headers = call.headers;
  headers.emplace_back("host", call.host);
  headers.emplace_back("x-amz-date", stamp);
  if (!token.empty()) headers.emplace_back("x-amz-security-token", token);
  std::sort(headers.begin(), headers.end());
  const auto names = names_of(headers);

  std::string scope(day);
  scope.append("/").append(region_).append("/").append(service_).append("/aws4_request");
  std::string to_sign = "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n";
  to_sign.append(hex(sha256(canonical_request(call, headers, names))));
  const auto signature = hex(hmac_sha256(day_key(day, key), to_sign));

  std::string lines = "x-amz-date: " + stamp + "\r\n";
  if (!token.empty()) lines.append("x-amz-security-token: ").append(token).append("\r\n");
  lines.append("authorization: AWS4-HMAC-SHA256 Credential=").append(key.id).append("/").append(scope);
  lines.append(", SignedHeaders=").append(names).append(", Signature=").append(signature).append("\r\n");
  return lines;
}

}  // namespace troupe::cloud
