#include "gateway/dialects/converse/errors.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "gateway/dialects/json.hpp"

namespace troupe::dialects::converse {
namespace {

/// docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html, "Errors".
constexpr std::array<std::pair<std::string_view, int>, 11> kStatuses{{
    {"throttlingexception", 429},
    {"modelnotreadyexception", 429},
    {"modeltimeoutexception", 408},
    {"modelstreamerrorexception", 424},
    {"modelerrorexception", 424},
    {"validationexception", 400},
    {"servicequotaexceededexception", 400},
    {"accessdeniedexception", 403},
    {"resourcenotfoundexception", 404},
    {"serviceunavailableexception", 503},
    {"internalserverexception", 500},
}};

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

int exception_status(std::string_view type, std::string_view payload) {
  const auto said = whole(read(payload), "originalStatusCode").value_or(0);
  if (said >= 400 && said <= 599) return static_cast<int>(said);
  const auto name = lower(type);
  for (const auto& [known, status] : kStatuses) {
    if (known == name) return status;
  }
  return 500;
}

std::string exception_body(std::string_view type, std::string_view payload) {
  auto body = read(payload);
  if (!body.is_object()) body = {{"message", payload}};
  body.erase("p");  // padding
  if (!body.contains("__type")) body["__type"] = type;
  return dump(body);
}

}  // namespace troupe::dialects::converse
