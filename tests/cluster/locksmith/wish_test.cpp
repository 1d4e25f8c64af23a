#include "cluster/locksmith/wish.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::locksmith;

namespace {

constexpr keyring::Millis kNow = 1'790'000'000'000;  // 2026-09-21

config::Config file() {
  config::Config out;
  config::Tenant team;
  team.name = "team";
  config::VirtualKey own;
  own.name = "own";
  team.keys = {own};
  out.tenants = {team};
  config::Model smart;
  smart.name = "smart";
  out.models = {smart};
  config::Provider openai;
  openai.name = "openai";
  out.providers = {openai};
  out.store.path = "/var/lib/troupe";
  return out;
}

Result<Wish> wish(const std::string& more) {
  return read_wish(R"({"tenant":"team","name":"prod")" + more + "}", file(), kNow);
}

std::string refused(const std::string& more) {
  const auto read = wish(more);
  return read ? "" : read.error().message;
}

}  // namespace

TEST_CASE("a wish says whose key, its name and its policy") {
  const auto read =
      wish(R"(,"models":["smart"],"providers":["openai"],"tags":{"env":"prod"},"ip":["10.0.0.0/8","::1"],)"
           R"("expires":"30d","class":"batch","limits":{"rpm":60,"concurrency":4})");
  REQUIRE(read);
  CHECK(read->tenant == "team");
  CHECK(read->name == "prod");
  keyring::Policy policy;
  policy.models = {"smart"};
  policy.providers = {"openai"};
  policy.ip = {"10.0.0.0/8", "::1"};
  policy.tags = {{"env", "prod"}};
  policy.expires = kNow + 30LL * 24 * 3600 * 1000;
  policy.request_class = "batch";
  policy.rpm = 60;
  policy.concurrency = 4;
  CHECK(read->policy == policy);
}

TEST_CASE("a budget of a key's own is an amount a month, unless it says otherwise") {
  const auto month = wish(R"(,"budget":{"usd":12.5})")->policy;
  CHECK(month.usd == 12.5);
  CHECK(month.period == "month");
  CHECK_FALSE(month.rolling);
  const auto week = wish(R"(,"budget":{"usd":1,"period":"week","rolling":true})")->policy;
  CHECK(week.period == "week");
  CHECK(week.rolling);
  CHECK(refused(R"(,"budget":50)") == "budget: not an object");
  CHECK(refused(R"(,"budget":{"usd":0})").find("budget.usd: an amount above 0") == 0);
  CHECK(refused(R"(,"budget":{"period":"day"})").find("budget.usd") == 0);
  CHECK(refused(R"(,"budget":{"usd":"5"})").find("budget.usd") == 0);
  CHECK(refused(R"(,"budget":{"usd":1,"period":"year"})") == "budget.period: one of day, week, month");
  CHECK(refused(R"(,"budget":{"usd":1,"cap":2})") == "budget.cap: there is no such field");
  auto storeless = file();
  storeless.store.path.clear();
  const auto read = read_wish(R"({"tenant":"team","name":"prod","budget":{"usd":1}})", storeless, kNow);
  REQUIRE_FALSE(read);
  CHECK(read.error().message == "budget: budgets need store.path in the configuration");
}

TEST_CASE("an expiry is a date, a moment or a span") {
  CHECK(wish(R"(,"expires":"2027-01-01")")->policy.expires == 1'798'761'600'000);
  CHECK(wish(R"(,"expires":"2027-01-01T00:00:01Z")")->policy.expires == 1'798'761'601'000);
  CHECK(wish("")->policy.expires == 0);
  CHECK(refused(R"(,"expires":"2020-01-01")") == "expires: is over already");
  CHECK(refused(R"(,"expires":"soon")").find("write a date") != std::string::npos);
}

TEST_CASE("what a wish has wrong is said by field") {
  CHECK(refused(R"(,"model":["smart"])") == "model: there is no such field");
  CHECK(refused(R"(,"models":["smrt"])") == R"(models: there is no model "smrt")");
  CHECK(refused(R"(,"models":"smart")") == "models: not a list of texts");
  CHECK(refused(R"(,"providers":["x"])") == R"(providers: there is no provider "x")");
  CHECK(refused(R"(,"ip":["10.0.0.0/99"])").starts_with("ip: \"10.0.0.0/99\" is no address"));
  CHECK(refused(R"(,"limits":{"rpm":0})") == "limits.rpm: not a whole number above 0");
  CHECK(refused(R"(,"limits":{"rps":1})") == "limits.rps: there is no such limit");
  CHECK(refused(R"(,"class":"fast")") == "class: one of interactive, default, batch");
  CHECK(refused(R"(,"tags":{"a b":"c"})").starts_with("tags: "));
  CHECK(read_wish("[]", file(), kNow).error().message == "the body is no JSON object");
  CHECK(read_wish(R"({"name":"x"})", file(), kNow).error().message == "tenant: missing");
  CHECK(read_wish(R"({"tenant":"tame","name":"x"})", file(), kNow).error().message ==
        R"(tenant: the configuration has no tenant "tame")");
  CHECK(read_wish(R"({"tenant":"team","name":"a b"})", file(), kNow).error().message.starts_with("name: "));
  CHECK(read_wish(R"({"tenant":"team","name":"own"})", file(), kNow).error().code == "conflict");
}

TEST_CASE("a grace time is a span of at most ninety days, and none when it is not said") {
  CHECK(read_grace("") == 0);
  CHECK(read_grace(R"({"grace":"24h"})") == 24 * 3600 * 1000);
  CHECK_FALSE(read_grace(R"({"grace":"91d"})"));
  CHECK_FALSE(read_grace(R"({"grace":24})"));
  CHECK_FALSE(read_grace(R"({"gracee":"24h"})"));
}
