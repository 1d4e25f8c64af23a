// The permit protocol in hundreds of seeded worlds. A failing seed prints the command that runs it again.
#include <algorithm>

#include "tests/simulation/seeded.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::simulation;

namespace {

void expect_safe(const Series& series) {
  std::string failures;
  const auto failed = run_all(series, [&](auto seed, const auto&, const auto& outcome) {
    if (!outcome.safe()) failures += "\n  " + reproduce(series, seed);
  });
  INFO("run again:" << failures);
  CHECK(failed == 0);
}

/// The smallest and the mean use of a key, in parts of what one omniscient node would have sent.
struct Used {
  double least = 1, mean = 0;
};

Used used(const Series& series) {
  Used out;
  double keys = 0;
  std::string failures;
  CHECK(run_all(series, [&](auto seed, const auto&, const auto& outcome) {
          if (!outcome.safe()) failures += "\n  " + reproduce(series, seed);
          for (const auto& key : outcome.keys) {
            out.least = std::min(out.least, key.used());
            out.mean += key.used();
            keys += 1;
          }
        }) == 0);
  INFO("run again:" << failures);
  CHECK(failures.empty());
  out.mean /= keys;
  return out;
}

constexpr int kAllocatorKilled = 2;  // of the kFaultKinds

Series clean(int nodes, double factor, bool table) {
  Series out;
  out.seeds = 4;
  out.nodes = nodes;
  out.factor = factor;
  out.clean = true;
  out.table = table;
  return out;
}

}  // namespace

TEST_CASE("no limit is passed in hundreds of worlds of random faults") {
  Series series;
  series.seeds = TROUPE_SIMULATED_WORLDS;
  expect_safe(series);
}

TEST_CASE("no limit is passed by schedules made against single rules") {
  Series series;
  series.seeds = 8 * kDirected;
  series.directed = true;
  expect_safe(series);
}

TEST_CASE("no limit is passed where voters remember the account but not what they promised") {
  Series series;  // they did not write promises down once: 728 of 600
  series.from = 462;
  series.seeds = 1;
  series.store = static_cast<int>(Store::chance);
  expect_safe(series);
}

TEST_CASE("no limit is passed in worlds of 900 s with a fault each three minutes") {
  for (const std::uint64_t seed : {1332U, 6017U}) {
    Series series;
    series.from = seed;
    series.seeds = 1;
    expect_safe(series);
    series.every = 180;
    series.span = 900;
    expect_safe(series);
  }
}

TEST_CASE("no limit is passed where nodes that are cut off go on with their floors") {
  Series series;
  series.floor = 0.2;
  series.seeds = TROUPE_SIMULATED_WORLDS / 4;
  expect_safe(series);
  series.seeds = 4 * kDirected;
  series.directed = true;
  expect_safe(series);
}

TEST_CASE("a node that is cut off uses its floor, all of it, and nothing where there is none") {
  for (const double share : {0.0, 0.2}) {
    Series series;
    series.nodes = 3;
    series.factor = 1.5;
    series.table = series.clean = true;
    auto settings = world_of(series, 1);
    settings.floor = share;
    settings.timing.floor_life = std::chrono::hours(1);
    Fault fault;
    fault.what = Fault::What::split;
    fault.at = Time(seconds(60));
    fault.lasts = seconds(200);
    fault.groups = {0, 0, 1};
    settings.faults = {fault};
    const auto outcome = World(settings).run();
    CHECK(outcome.safe());
    constexpr double kAlone = 190;  // seconds: less the lease
    const auto& key = outcome.keys[1];
    CHECK(static_cast<double>(key.sent_alone) >= 0.8 * share * 600 / 3 * kAlone / 60.5);
    CHECK(static_cast<double>(key.sent_alone) <= share * 600 / 3 * (kAlone / 60.5 + 1));
  }
}

TEST_CASE("without faults nearly all of every limit is used while a part of it is floors") {
  for (const int nodes : {3, 10}) {
    auto series = clean(nodes, 0.9, true);
    series.floor = 0.2;
    CHECK(used(series).mean >= 0.97);
  }
}

TEST_CASE("without faults nearly all of every limit is used, while the hot node moves") {
  for (const int nodes : {3, 10}) {
    for (const double factor : {0.9, 1.5}) {
      INFO(nodes << " nodes, demand " << factor << " of the limit");
      CHECK(used(clean(nodes, factor, true)).mean >= 0.97);
    }
  }
}

TEST_CASE("five requests a minute and one at once are used by five nodes, never passed") {
  const auto result = used(clean(5, 1.2, false));
  CHECK(result.mean >= 0.95);
  CHECK(result.least >= 0.8);
}

TEST_CASE("while every other node has each limit twice as large the smaller ones hold, and are used") {
  auto series = clean(5, 3, false);
  series.mixed = true;
  CHECK(used(series).mean >= 0.95);
  series.clean = false;
  series.only = kAllocatorKilled;  // who comes next may have the larger ones
  series.every = 20;
  expect_safe(series);
}
