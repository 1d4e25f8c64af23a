#include "gateway/dialects/openai_error.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace troupe;
using dialects::ErrorReport;
using Json = nlohmann::json;

namespace {

ErrorReport report() {
  ErrorReport out;
  out.fault = Fault::provider_overloaded;
  out.message = "Every provider of 'smart' is overloaded. Try again in 2 s.";
  out.request_id = "req_1";
  out.node = "node-1";
  out.attempts.push_back({"openai", "primary", 529, Fault::provider_overloaded, 120});
  out.attempts.push_back({"claude", "c1", 0, Fault::provider_connect, 5});
  return out;
}

}  // namespace

TEST_CASE("an error body says what happened and where it was tried") {
  const auto error = Json::parse(dialects::openai_error_body(report()))["error"];
  CHECK(error["message"] == "Every provider of 'smart' is overloaded. Try again in 2 s.");
  CHECK(error["type"] == "server_error");
  CHECK(error["code"] == "provider_overloaded");
  CHECK(error["param"].is_null());
  CHECK(error["troupe"]["request_id"] == "req_1");
  CHECK(error["troupe"]["node"] == "node-1");
  CHECK(error["troupe"]["fault"] == "provider_overloaded");
  REQUIRE(error["troupe"]["attempts"].size() == 2);
  CHECK(error["troupe"]["attempts"][0] == Json{{"provider", "openai"},
                                               {"key", "primary"},
                                               {"status", 529},
                                               {"fault", "provider_overloaded"},
                                               {"ms", 120}});
  CHECK(error["troupe"]["attempts"][1]["status"].is_null());
}

TEST_CASE("types and codes are OpenAI's own where it has a word") {
  struct Row {
    Fault fault;
    std::string type, code;
  };
  const Row rows[] = {{Fault::caller_bad_request, "invalid_request_error", "caller_bad_request"},
                      {Fault::caller_unauthenticated, "authentication_error", "invalid_api_key"},
                      {Fault::caller_unknown_model, "invalid_request_error", "model_not_found"},
                      {Fault::provider_context_too_long, "invalid_request_error", "context_length_exceeded"},
                      {Fault::policy_rate_limited, "rate_limit_error", "rate_limit_exceeded"},
                      {Fault::provider_quota_spent, "insufficient_quota", "insufficient_quota"},
                      {Fault::troupe_all_open, "server_error", "troupe_all_open"}};
  for (const auto& row : rows) {
    INFO(name(row.fault));
    CHECK(dialects::openai_error_type(row.fault) == row.type);
    CHECK(dialects::openai_error_code(row.fault) == row.code);
  }
}

TEST_CASE("the provider's own type, code and parameter win") {
  auto own = report();
  own.type = "invalid_request_error", own.code = "unsupported_value", own.param = "messages[0].role";
  const auto error = Json::parse(dialects::openai_error_body(own))["error"];
  CHECK(error["type"] == "invalid_request_error");
  CHECK(error["code"] == "unsupported_value");
  CHECK(error["param"] == "messages[0].role");
}

TEST_CASE("an error event is one data line, whatever the message holds") {
  auto odd = report();
  odd.message = "two\nlines and \xff bytes";
  const auto event = dialects::openai_error_event(odd);
  CHECK(event.rfind("data: {", 0) == 0);
  CHECK(event.find('\n') == event.size() - 2);
  CHECK(Json::accept(event.substr(6)));
}
