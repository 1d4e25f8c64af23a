#include "gateway/dialects/openai_error.hpp"

#include <nlohmann/json.hpp>

namespace troupe::dialects {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json attempt(const AttemptNote& note) {
  return {{"provider", note.provider},
          {"key", note.key},
          {"status", note.status == 0 ? Json(nullptr) : Json(note.status)},
          {"fault", note.fault ? Json(name(*note.fault)) : Json(nullptr)},
          {"ms", note.ms}};
}

}  // namespace

std::string_view openai_error_type(Fault fault) {
  switch (traits(fault).status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 429:
      return fault == Fault::provider_quota_spent ? "insufficient_quota" : "rate_limit_error";
    case 499:
    case 500:
    case 502:
    case 503:
    case 504:
      return "server_error";
    default:
      return "invalid_request_error";
  }
}

std::string_view openai_error_code(Fault fault) {
  switch (fault) {
    case Fault::caller_unauthenticated:
      return "invalid_api_key";
    case Fault::caller_unknown_model:
    case Fault::provider_model_missing:
      return "model_not_found";
    case Fault::caller_context_too_long:
    case Fault::provider_context_too_long:
      return "context_length_exceeded";
    case Fault::caller_content_refused:
    case Fault::provider_content_refused:
      return "content_filter";
    case Fault::provider_quota_spent:
      return "insufficient_quota";
    default:
      break;
  }
  return traits(fault).status == 429 ? "rate_limit_exceeded" : name(fault);
}

std::string openai_error_body(const ErrorReport& report) {
  auto attempts = Json::array();
  for (const auto& note : report.attempts) attempts.push_back(attempt(note));
  const Json body = {
      {"error",
       {{"message", report.message},
        {"type", report.type.empty() ? Json(openai_error_type(report.fault)) : Json(report.type)},
        {"param", or_null(report.param)},
        {"code", report.code.empty() ? Json(openai_error_code(report.fault)) : Json(report.code)},
        {"troupe",
         {{"request_id", report.request_id},
          {"node", report.node},
          {"fault", name(report.fault)},
          {"attempts", std::move(attempts)}}}}}};
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string openai_error_event(const ErrorReport& report) {
  return "data: " + openai_error_body(report) + "\n\n";
}

}  // namespace troupe::dialects
