#include "gateway/steering/subject.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::steering;

namespace {

config::Routing routing(const std::string& when) {
  config::Config config;
  config.routing.push_back({when, "smart"});
  return config::Routing(config);
}

dialects::Request request(const std::string& more,
                          dialects::Operation operation = dialects::Operation::chat) {
  auto parsed = dialects::parse_request(operation, R"({"model":"auto",)" + more + "}");
  REQUIRE(parsed);
  return *std::move(parsed);
}

bool holds(const std::string& when, const dialects::Request& of, const Circumstances& around = {}) {
  CAPTURE(when);
  const auto rules = routing(when);
  REQUIRE(rules.all().size() == 1);
  const Subject subject(of, rules, around);
  return rules.first(subject.facts(), nullptr) == 1;
}

const std::string kTalk =
    R"("messages":[{"role":"system","content":"You fix code."},{"role":"user","content":[{"type":"text","text":)"
    R"("Translate"},{"type":"text","text":"this"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]},)"
    R"({"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},)"
    R"({"role":"tool","tool_call_id":"1","content":"code"}],"tools":[{"type":"function","function":{"name":"f"}},)"
    R"({"type":"function","function":{"name":"g"}}],"response_format":{"type":"json_object"})";

}  // namespace

TEST_CASE("what a rule asks of the body is counted and read") {
  const auto talk = request(kTalk);
  CHECK(holds("tools.count == 2 && images.count == 1 && messages.count == 4", talk));
  CHECK(holds(R"(last_message == "Translate\nthis")", talk));
  CHECK(holds(R"(response_format == "json_object")", talk));
  CHECK(holds("has_tools && has_images && !stream", talk));
}

TEST_CASE("a body that has nothing to count is not decoded") {
  const auto plain = request(R"("messages":[{"role":"user","content":"hi"}])");
  CHECK(holds("tools.count == 0 && images.count == 0", plain));
  CHECK(plain.talk == nullptr);
  const auto tools = request(kTalk);
  CHECK(holds("tools.count == 2", tools));
  CHECK(tools.talk != nullptr);
}

TEST_CASE("other dialects are read in their own words") {
  const auto message = request(
      R"("max_tokens":5,"messages":[{"role":"user","content":"hi"}],"tools":[{"name":"f","input_schema":{}}])",
      dialects::Operation::messages);
  CHECK(holds(R"(tools.count == 1 && last_message == "hi" && max_tokens == 5)", message));
  const auto response = request(R"("input":"good day")", dialects::Operation::responses);
  CHECK(holds(R"(last_message == "good day")", response));
}

TEST_CASE("a task is what the client says, else what the classifier finds") {
  const auto talk = request(kTalk);
  CHECK(holds(R"(task == "translate")", talk));
  Circumstances around;
  around.task = "legal";
  CHECK(holds(R"(task == "legal")", talk, around));
}

TEST_CASE("tags, tenant, budget and time are those of the request") {
  Circumstances around;
  around.tenant = "acme";
  const auto tags = steering::read_tags("env = prod, broken, team=search");
  around.tags = &tags;
  around.budget_used = 0.9;
  around.wall = WallTime(std::chrono::hours(14) + std::chrono::minutes(30));  // Thursday, 1 January 1970
  const auto talk = request(R"("messages":[{"role":"user","content":"hi"}])");
  CHECK(holds(R"(tenant == "acme" && tags.env == "prod" && tags.team == "search")", talk, around));
  CHECK(holds("budget.used > 0.8", talk, around));
  CHECK(holds("time.hour == 14 && time.minute == 30 && time.weekday == 4", talk, around));
}

TEST_CASE("a percentage keeps a caller on one side, and takes about its part of all") {
  CHECK(share_of("t", "u", "r1") == share_of("t", "u", "r2"));
  CHECK(share_of("", "", "r1") != share_of("", "", "r2"));
  CHECK(share_of("ab", "c", "") != share_of("a", "bc", ""));
  int below = 0;
  for (int i = 0; i < 10'000; ++i) below += share_of("t", "user-" + std::to_string(i), "") < 10 ? 1 : 0;
  CHECK(below > 850);
  CHECK(below < 1150);
}

TEST_CASE("a rule whose alias the caller may not use is passed over") {
  config::Config config;
  config.routing = {{"true", "secret"}, {"true", "open"}};
  const config::Routing rules(config);
  const auto talk = request(R"("messages":[{"role":"user","content":"hi"}])");
  const Subject subject(talk, rules, {});
  config::Tenant tenant;
  CHECK(rules.first(subject.facts(), &tenant) == 1);
  tenant.models = {"open"};
  CHECK(rules.first(subject.facts(), &tenant) == 2);
  tenant.models = {"other"};
  CHECK(rules.first(subject.facts(), &tenant) == 0);
}
