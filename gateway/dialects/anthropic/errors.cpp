#include "gateway/dialects/anthropic/errors.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace troupe::dialects::anthropic {
namespace {

using Ordered = nlohmann::ordered_json;

constexpr std::array<std::string_view, 10> kTypes{
    "invalid_request_error", "authentication_error", "billing_error", "permission_error", "not_found_error",
    "request_too_large",     "rate_limit_error",     "api_error",     "timeout_error",    "overloaded_error"};

Ordered attempt(const AttemptNote& note) {
  return {{"provider", note.provider},
          {"key", note.key},
          {"status", note.status == 0 ? Ordered(nullptr) : Ordered(note.status)},
          {"fault", note.fault ? Ordered(name(*note.fault)) : Ordered(nullptr)},
          {"ms", note.ms}};
}

}  // namespace

std::string_view error_type(Fault fault) {
  if (fault == Fault::provider_overloaded) return "overloaded_error";
  switch (traits(fault).status) {
    case 401:
      return "authentication_error";
    case 402:
      return "billing_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 408:
    case 504:
      return "timeout_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 503:
      return "overloaded_error";
    default:
      return traits(fault).status < 500 ? "invalid_request_error" : "api_error";
  }
}

std::string error_body(const ErrorReport& report) {
  auto attempts = Ordered::array();
  for (const auto& note : report.attempts) attempts.push_back(attempt(note));
  const bool known = std::find(kTypes.begin(), kTypes.end(), report.type) != kTypes.end();
  const Ordered body = {{"type", "error"},
                        {"error",
                         {{"type", known ? std::string_view(report.type) : error_type(report.fault)},
                          {"message", report.message},
                          {"troupe",
                           {{"request_id", report.request_id},
                            {"node", report.node},
                            {"fault", name(report.fault)},
                            {"attempts", std::move(attempts)}}}}},
                        {"request_id", report.request_id}};
  return body.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

std::string error_event(const ErrorReport& report) {
  return "event: error\ndata: " + error_body(report) + "\n\n";
}

}  // namespace troupe::dialects::anthropic
