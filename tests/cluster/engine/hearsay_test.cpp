#include "cluster/engine/hearsay.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cluster;
using namespace std::chrono_literals;
using members::Aspect;

namespace {

members::HealthChange change(Aspect aspect, std::int64_t value, std::int64_t remaining_ms) {
  members::HealthChange made;
  made.fact = {"p/a", 1, aspect, {5, "node-2", 1}, value, remaining_ms};
  return made;
}

config::Config keyed(std::int64_t rpm) {
  config::Config config;
  config::Provider provider;
  provider.name = "p";
  config::Key key;
  key.name = "a";
  key.limits.rpm = rpm;
  key.limits.concurrency = 4;
  provider.keys = {key};
  config.providers = {provider};
  return config;
}

members::Health health() {
  members::HealthSettings settings;
  settings.name = "node-1";
  members::Health made(settings, Time{}, 1);
  made.configure({{"p/a", 1}}, Time{});
  return made;
}

}  // namespace

TEST_CASE("a change is told with its end on this node's clock and who found it out") {
  const auto word = hearsay_of(change(Aspect::pause, 1, 5000), Time{} + 1h);
  REQUIRE(word);
  CHECK(word->about == policy::About::pause);
  CHECK(word->until == Time{} + 1h + 5s);
  CHECK(word->from == "node-2");
}

TEST_CASE("an end that is further away than clocks can count is far away, and no overflow") {
  const auto word = hearsay_of(change(Aspect::pause, 1, std::numeric_limits<std::int64_t>::max()), Time{});
  REQUIRE(word);
  CHECK(word->until == Time{} + 24h * 7);
  CHECK(hearsay_of(change(Aspect::verdict, 1, members::Fact::kUntilChanged), Time{})->until == kNever);
}

TEST_CASE("keys are not told what they found out themselves") {
  auto mine = change(Aspect::pause, 1, 5000);
  mine.mine = true;
  CHECK_FALSE(hearsay_of(mine, Time{}));
}

TEST_CASE("what is over is told as over, what was taken back is not told again when its time is over") {
  auto over = change(Aspect::verdict, 1, 5000);
  over.over = true;
  CHECK(hearsay_of(over, Time{} + 1h)->until == Time{} + 1h);
  over.fact.value = 0;
  CHECK_FALSE(hearsay_of(over, Time{} + 1h));
}

TEST_CASE("a learnt limit makes the cluster's limit smaller for a while, never larger") {
  auto known = health();
  const auto limits = named_limits(keyed(500));
  known.note("p/a", Aspect::rpm, 100, 10min, Time{});
  const auto smaller = learnt(limits, known, Time{});
  REQUIRE(smaller.size() == 2);
  CHECK(smaller[0].spec.units == 100);
  CHECK(smaller[0].spec.id == limits[0].spec.id);
  CHECK(smaller[1].spec == limits[1].spec);
  CHECK(learnt(limits, known, Time{} + 11min)[0].spec.units == 500);
  known.note("p/a", Aspect::rpm, 5000, 10min, Time{});
  CHECK(learnt(limits, known, Time{})[0].spec.units == 500);
}
