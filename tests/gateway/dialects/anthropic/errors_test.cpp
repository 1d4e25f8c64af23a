#include "gateway/dialects/anthropic/errors.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::dialects;
using Json = nlohmann::json;

TEST_CASE("errors have Anthropic's types") {
  using anthropic::error_type;
  CHECK(error_type(Fault::caller_bad_request) == "invalid_request_error");
  CHECK(error_type(Fault::caller_unauthenticated) == "authentication_error");
  CHECK(error_type(Fault::caller_forbidden) == "permission_error");
  CHECK(error_type(Fault::caller_unknown_model) == "not_found_error");
  CHECK(error_type(Fault::caller_too_large) == "request_too_large");
  CHECK(error_type(Fault::policy_rate_limited) == "rate_limit_error");
  CHECK(error_type(Fault::provider_overloaded) == "overloaded_error");
  CHECK(error_type(Fault::provider_server_error) == "api_error");
  CHECK(error_type(Fault::provider_timeout_total) == "timeout_error");
  CHECK(error_type(Fault::troupe_draining) == "overloaded_error");
}

TEST_CASE("an error tells what Troupe tried") {
  ErrorReport report;
  report.fault = Fault::provider_rate_limited_tokens;
  report.message = "Too \"fast\"";
  report.type = "insufficient_quota";  // no word of this dialect
  report.request_id = "req_1";
  report.node = "n1";
  report.attempts.push_back({"openai", "k1", 429, Fault::provider_rate_limited_tokens, 12});
  const auto body = Json::parse(anthropic::error_body(report));
  CHECK(body == Json::parse(R"({"type":"error","request_id":"req_1","error":{"type":"rate_limit_error",
    "message":"Too \"fast\"","troupe":{"request_id":"req_1","node":"n1","fault":"provider_rate_limited_tokens",
    "attempts":[{"provider":"openai","key":"k1","status":429,"fault":"provider_rate_limited_tokens","ms":12}]}}})"));
  report.type = "billing_error";
  CHECK(Json::parse(anthropic::error_body(report))["error"]["type"] == "billing_error");
}

TEST_CASE("an error in a started stream is one event") {
  ErrorReport report;
  report.message = "gone";
  const auto event = anthropic::error_event(report);
  const std::string head = "event: error\ndata: ";
  REQUIRE(event.starts_with(head));
  CHECK(event.ends_with("}\n\n"));
  CHECK(Json::parse(event.substr(head.size()))["error"]["message"] == "gone");
}
