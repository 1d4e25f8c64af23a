#include "actors/policy/probe_schedule.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using namespace troupe::policy;

namespace {

struct Bench {
  config::Probes settings;
  ProbeSchedule schedule;
  Random random{7};
  Time now{100h};
  std::vector<ProbeView> keys;

  explicit Bench(bool idle = false) {
    settings.every = 10s;
    settings.idle = idle;
  }
  std::optional<std::size_t> next() { return schedule.next(settings, keys, now, random); }
  void done(std::string_view key, ProbeEnd end) { schedule.done(settings, key, end, now, random); }
};

}  // namespace

TEST_CASE("a key that fell ill is probed after the pause, give or take a fifth") {
  Bench b;
  b.keys = {{"p/a", false}};
  CHECK_FALSE(b.next());
  const auto due = b.schedule.due("p/a");
  REQUIRE(due);
  CHECK(*due >= b.now + 8s);
  CHECK(*due <= b.now + 12s);
  b.now = *due;
  CHECK(b.next() == std::optional<std::size_t>(0));
}

TEST_CASE("a key is not probed again while its probe is under way") {
  Bench b;
  b.keys = {{"p/a", false}};
  b.next();
  b.now += 12s;
  REQUIRE(b.next());
  b.now += 60s;
  CHECK_FALSE(b.next());
  CHECK_FALSE(b.schedule.due("p/a"));
  b.done("p/a", ProbeEnd::failed);
  CHECK_FALSE(b.next());
  b.now += 12s;
  CHECK(b.next());
}

TEST_CASE("a probe whose end nobody told is forgotten") {
  Bench b;
  b.keys = {{"p/a", false}};
  b.next();
  b.now += 12s;
  REQUIRE(b.next());
  b.now += ProbeSchedule::kLongest;
  CHECK(b.next());
}

TEST_CASE("after a probe that passed the next one follows within a second, until the key is healthy") {
  Bench b;
  b.keys = {{"p/a", false}};
  b.next();
  b.now += 12s;
  REQUIRE(b.next());
  b.done("p/a", ProbeEnd::passed);
  b.now += 1s;
  REQUIRE(b.next());
  b.done("p/a", ProbeEnd::passed);
  b.keys = {{"p/a", true}};
  b.now += 1h;
  CHECK_FALSE(b.next());
}

TEST_CASE("healthy keys are probed only when asked for, and only when nobody calls them") {
  Bench never;
  never.keys = {{"p/a", true}};
  never.next();
  never.now += 1h;
  CHECK_FALSE(never.next());

  Bench b(true);
  b.keys = {{"p/a", true, b.now}};
  CHECK_FALSE(b.next());
  for (int i = 0; i < 100; ++i) {
    b.now += 1s;
    b.keys[0].last_call = b.now;
    CHECK_FALSE(b.next());
  }
  b.now += 12s;
  REQUIRE(b.next());
  b.keys[0].last_call = b.now;
  b.done("p/a", ProbeEnd::passed);
  b.now += 7s;
  CHECK_FALSE(b.next());
  b.now += 5s;
  CHECK(b.next());
}

TEST_CASE("only so many probes are under way at once") {
  Bench b;
  const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    for (std::size_t i = 0; i < ProbeSchedule::kTogether + 4; ++i) made.push_back("p/" + std::to_string(i));
    return made;
  }();
  for (const auto& name : names) b.keys.push_back({name, false});
  b.next();
  b.now += 12s;
  std::size_t count = 0;
  while (const auto at = b.next()) count += *at < names.size() ? 1 : 0;
  CHECK(count == ProbeSchedule::kTogether);
  b.done("p/0", ProbeEnd::failed);
  CHECK(b.next() == std::optional<std::size_t>(ProbeSchedule::kTogether));
}

TEST_CASE("keys that are gone are forgotten") {
  Bench b;
  b.keys = {{"p/a", false}};
  b.next();
  b.keys.clear();
  b.next();
  CHECK_FALSE(b.schedule.due("p/a"));
}
