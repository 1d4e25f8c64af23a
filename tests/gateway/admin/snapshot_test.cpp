#include "gateway/admin/snapshot.hpp"

#include "gateway/admin/events.hpp"
#include "tests/gateway/admin/fakes.hpp"
#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

SnapshotInput calm() {
  SnapshotInput input;
  input.ready = {{"ok", true}};
  input.config_state = {{"revision", 1}, {"last_reload_ok", true}};
  input.keys = key_views({key_actor("openai/primary", "closed", 25)});
  return input;
}

std::vector<std::string> names(const Json& alerts) {
  std::vector<std::string> out;
  for (const auto& alert : alerts) out.push_back(alert["name"]);
  return out;
}

TEST_CASE("a calm node raises no alert") {
  CHECK(alerts(calm()).empty());
}

TEST_CASE("what should worry somebody is an alert") {
  auto input = calm();
  input.ready["ok"] = false;
  input.config_state["last_reload_ok"] = false;
  input.rates.failed_ratio = 0.5;
  input.keys = key_views({key_actor("openai/primary", "dead", 95)});
  CHECK(names(alerts(input)) == std::vector<std::string>{"not_ready", "reload_refused", "failures",
                                                         "provider_down", "key_dead", "window_nearly_spent"});
}

TEST_CASE("a provider with one usable key is not down") {
  auto input = calm();
  input.keys = key_views({key_actor("openai/a", "open", 1), key_actor("openai/b", "half_open", 1)});
  CHECK(names(alerts(input)) == std::vector<std::string>{"breaker_open"});
}

TEST_CASE("a viewer hears of changes once") {
  EventFeed feed;
  auto input = calm();
  const auto first = feed.frames(make_snapshot(input));
  CHECK(first.starts_with("event: tick\ndata: {"));
  CHECK(first.find("event: breaker") == std::string::npos);
  CHECK(first.find("event: alert") == std::string::npos);

  input.keys = key_views({key_actor("openai/primary", "open", 25)});
  input.config_state["revision"] = 2;
  const auto second = feed.frames(make_snapshot(input));
  CHECK(second.find(R"("from":"closed","to":"open")") != std::string::npos);
  CHECK(second.find("event: config") != std::string::npos);
  CHECK(second.find("event: alert") != std::string::npos);

  const auto third = feed.frames(make_snapshot(input));
  CHECK(third.find("event: breaker") == std::string::npos);
  CHECK(third.find("event: config") == std::string::npos);
  CHECK(third.find("event: alert") == std::string::npos);

  input.keys = key_views({key_actor("openai/primary", "closed", 25)});
  CHECK(feed.frames(make_snapshot(input)).find("event: alert\ndata: {\"alerts\":[]}") != std::string::npos);
}

Json cluster(const std::string& allocator, const std::string& third) {
  return {{"allocator", allocator},
          {"mixed", third == "dead"},
          {"conditions", {{{"condition", "clock_rate"}, {"holds", third != "dead"}}}},
          {"members", {{{"name", "n1"}, {"state", "alive"}}, {{"name", "n3"}, {"state", third}}}}};
}

TEST_CASE("a viewer hears of members that come and go, and of a new allocator") {
  EventFeed feed;
  auto input = calm();
  input.cluster = cluster("n1", "alive");
  CHECK(feed.frames(make_snapshot(input)).find("event: member") == std::string::npos);
  input.cluster = cluster("n3", "suspect");
  const auto second = feed.frames(make_snapshot(input));
  CHECK(second.find(R"({"node":"n3","from":"alive","to":"suspect"})") != std::string::npos);
  CHECK(second.find("event: allocator\ndata: {\"from\":\"n1\",\"to\":\"n3\"}") != std::string::npos);
  CHECK(feed.frames(make_snapshot(input)).find("event: member") == std::string::npos);
  input.cluster["members"].erase(1);
  CHECK(feed.frames(make_snapshot(input)).find(R"("to":"gone")") != std::string::npos);
  CHECK(feed.frames(make_snapshot(input)).find("event: member") == std::string::npos);
}

TEST_CASE("a cluster that is not well is an alert") {
  auto input = calm();
  input.cluster = cluster("n1", "alive");
  CHECK(alerts(input).empty());
  input.cluster = cluster("n1", "dead");
  CHECK(names(alerts(input)) == std::vector<std::string>{"cluster_condition", "member_lost", "config_mixed"});
}

TEST_CASE("a budget beyond its least alert is one, and one without any when it is used up") {
  auto input = calm();
  const auto row = [](const char* owner, double used, std::vector<double> at) {
    return Json{
        {"owner", owner}, {"used_ratio", used}, {"alert_at", at}, {"renews", "2026-12-01"}, {"usd", 5}};
  };
  input.budgets = {{"budgets",
                    {row("tenant/a", 0.81, {1.0, 0.8}), row("tenant/b", 0.7, {0.8}),
                     row("budget/c", 0.95, {}), row("budget/d", 1, {})}}};
  const auto told = alerts(input);
  REQUIRE(told.size() == 2);
  CHECK(told[0]["message"] == "budget 'budget/d' is used to 100 %; it renews on 2026-12-01");
  CHECK(told[1]["message"] == "budget 'tenant/a' is used to 81 %; it renews on 2026-12-01");
  const auto shown = make_snapshot(input)["budgets"];
  REQUIRE(shown.size() == 4);
  CHECK(shown[0]["owner"] == "budget/d");
  CHECK_FALSE(shown[0].contains("alert_at"));
}

}  // namespace
}  // namespace troupe::admin
