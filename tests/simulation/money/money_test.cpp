// The suite's share of worlds of money.
#include "tests/simulation/money/world.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::simulation;

TEST_CASE("no budget is passed, forgotten or stuck, whatever happens to nodes, disks and the network") {
  for (std::uint64_t seed = 1; seed <= TROUPE_SIMULATED_WORLDS; ++seed) {
    const auto outcome = run_money(money_by_seed(seed));
    CAPTURE(seed, outcome.broken);
    REQUIRE(outcome.broken.empty());
  }
}

TEST_CASE("without faults every budget is used to the last call, and nothing is in doubt") {
  double used = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    auto settings = money_by_seed(seed);
    settings.faults = 0;
    const auto outcome = run_money(settings);
    CAPTURE(seed, outcome.broken);
    REQUIRE(outcome.broken.empty());
    CHECK(outcome.used > 0.9);  // of a small budget of large calls one call is a large part
    CHECK(outcome.in_doubt == 0);
    CHECK(outcome.repeats == 0);
    used += outcome.used / 12;
  }
  CHECK(used > 0.97);
}

TEST_CASE(
    "the last of a budget reaches whoever asks within seconds, although calls reserve far more than they "
    "cost") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    MoneySettings settings;
    settings.seed = seed;
    settings.faults = 0;
    settings.factor = 0.3;
    settings.cost = 1.0 / 15;
    settings.alike = true;
    settings.demand = 15;
    const auto outcome = run_money(settings);
    CAPTURE(seed, outcome.broken, outcome.tail);
    REQUIRE(outcome.broken.empty());
    CHECK(outcome.tail > 0);
    CHECK(outcome.tail < 4);
  }
}

TEST_CASE("the same seed tells the same story") {
  const auto one = run_money(money_by_seed(5)), other = run_money(money_by_seed(5));
  CHECK(one.calls == other.calls);
  CHECK(one.messages == other.messages);
  CHECK(one.used == other.used);
}
