#include "app/cli/looks.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::cli;

namespace {
bool has(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}
const Json kKey = Json::parse(R"({"id":"openai/a","state":"open","in_flight":3,"windows":[
  {"name":"rpm","limit":500,"used":100,"resets_s":10},{"name":"tpm","limit":20000,"used":18000,"resets_s":10}],
  "latency":{"ttft_ms":{"p50":120.4,"p99":900}},"success_100":0.97,"last_fault":null})");
}  // namespace

TEST_CASE("a key's row shows the window that is nearest to its limit") {
  CHECK(tightest_window(kKey) == "tpm 18.0k/20.0k");
  CHECK(tightest_window(Json::object()) == "-");
  const auto table = keys_table({{"keys", Json::array({kKey})}}, false);
  CHECK(has(table, "openai/a  open           3  tpm 18.0k/20.0k     120ms  900ms     97%  -"));
}

TEST_CASE("documents of another shape give empty tables and no crash") {
  for (const auto& body : {Json(), Json::array(), Json{{"keys", 7}}, Json{{"keys", Json::array({1})}}}) {
    CHECK(has(keys_table(body, false), "KEY"));
    CHECK(has(actors_table(body, false), "TYPE"));
    CHECK(has(providers_table(body, false), "PROVIDER"));
    CHECK(has(requests_table(body, false), "STATUS"));
    CHECK(has(explain_sheet(body, false), "VERDICT"));
  }
}

TEST_CASE("a dry run says who was chosen and why others were not") {
  const auto sheet = explain_sheet(Json::parse(R"({"model":"smart","chosen":"openai/a","candidates":[
    {"provider":"openai","key":"a","model":"gpt","tier":1,"weight":1,"score":0.75,"rejected":null},
    {"provider":"openai","key":"b","model":"gpt","tier":1,"weight":1,"score":0,"rejected":"breaker open"}]})"),
                                   false);
  CHECK(has(sheet, "chosen    openai/a"));
  CHECK(has(sheet, "0.75  can serve"));
  CHECK(has(sheet, "breaker open"));
}

TEST_CASE("a request's sheet has its fields and its timeline") {
  const auto sheet = request_sheet(
      Json::parse(R"({"id":"req_1","status":200,"attempts":[],"timeline":[{"at_ms":0,"what":"received"},
    {"at_ms":1.2,"took_ms":80,"what":"attempt","key":"a","model":"m","status":500,"fault":"provider_server_error"}]})"),
      false);
  CHECK(has(sheet, "status            200"));
  CHECK(has(sheet, "provider_server_error"));
}

TEST_CASE("problems are lines that an editor can jump to") {
  CHECK(problem_lines(
            Json::parse(R"({"problems":[{"line":3,"column":5,"path":"server.lisen","message":"unknown",
    "hint":"did you mean 'listen'?"}]})"),
            "t.yaml") == "t.yaml:3:5: server.lisen: unknown (did you mean 'listen'?)\n");
}

TEST_CASE("counts are short") {
  CHECK(short_count(9999) == "9999");
  CHECK(short_count(12345) == "12.3k");
  CHECK(short_count(4500000) == "4.5M");
}
