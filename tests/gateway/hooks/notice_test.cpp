#include "gateway/hooks/notice.hpp"

#include <nlohmann/json.hpp>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::hooks;
using namespace std::chrono_literals;

namespace {

Notice notice() {
  Notice out;
  out.id = "7-8000";
  out.node = "node-1";
  out.budget = "tenant/search";
  out.title = "the tenant 'search'";
  out.period = "month";
  out.share = 0.8;
  out.cap_usd = "500";
  out.used_usd = "401.2";
  out.renews = "2026-12-01";
  return out;
}
const WallTime kAt(1'700'000'000s);

}  // namespace

TEST_CASE("a notice says which budget, how much of it is gone, and when it renews") {
  const auto body = nlohmann::json::parse(body_of(notice(), kAt));
  CHECK(body["type"] == "budget.alert");
  CHECK(body["id"] == "7-8000");
  CHECK(body["budget"] == "tenant/search");
  CHECK(body["share"] == 0.8);
  CHECK(body["used_usd"] == "401.2");
  CHECK(body["at"] == 1'700'000'000);
  CHECK(
      body["message"] ==
      "the tenant 'search' has used 80 % of its budget of $500 per month: $401.2. It renews on 2026-12-01.");
}

TEST_CASE("Slack gets a text") {
  auto told = notice();
  told.how.webhook_format = config::WebhookFormat::slack;
  const auto body = nlohmann::json::parse(body_of(told, kAt));
  CHECK(body.size() == 1);
  CHECK(body["text"].get<std::string>().find("80 %") != std::string::npos);
}

TEST_CASE("a body is signed together with the time, where there is a secret") {
  auto told = notice();
  CHECK(headers_of(told, "{}", kAt).size() == 2);
  told.how.webhook_secret = config::Secret("hunter2");
  const auto headers = headers_of(told, "{}", kAt);
  REQUIRE(headers.size() == 3);
  CHECK(headers[1] == std::pair<std::string, std::string>("x-troupe-alert-id", "7-8000"));
  // printf '%s' '1700000000.{}' | openssl dgst -sha256 -hmac hunter2
  CHECK(headers[2].second ==
        "t=1700000000,v1=ff2f975170d2a2ea3d6177dad44d002ac729fec15c2e1053dc096496e07f8401");
  CHECK(headers_of(told, "{ }", kAt)[2].second != headers[2].second);
  CHECK(headers_of(told, "{}", kAt + 1s)[2].second != headers[2].second);
}

TEST_CASE("the pause after a failure doubles, up to half a minute") {
  CHECK(pause_after(1) == 1s);
  CHECK(pause_after(2) == 2s);
  CHECK(pause_after(6) == 32s);
  CHECK(pause_after(9) == 32s);
}
