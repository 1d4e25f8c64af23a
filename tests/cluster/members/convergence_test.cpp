#include "tests/cluster/members/virtual_cluster.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::members;
using namespace troupe::members::trial;
using namespace std::chrono_literals;

namespace {

constexpr Weather kStorm{0.05, 0.05, 0.002};

/// A few seconds of whatever happens to a cluster.
void trouble(VirtualCluster& town, Random& random) {
  const int node = static_cast<int>(random.below(static_cast<std::uint64_t>(town.size())));
  const int other = static_cast<int>(random.below(static_cast<std::uint64_t>(town.size())));
  switch (random.below(5)) {
    case 0:
      if (town.running(node)) town.kill(node);
      break;
    case 1:
      if (!town.running(node)) town.start(node);
      break;
    case 2:
      if (node != other) town.cut(node, other);
      break;
    case 3:
      // One node alone.
      for (int peer = 0; peer < town.size(); ++peer)
        if (peer != node) town.cut(node, peer);
      break;
    default:
      town.heal();
  }
  town.run(std::chrono::milliseconds(200 + random.below(6000)));
}

void storm(int count, std::uint64_t seed, int strikes, Duration calm) {
  CAPTURE(count, seed);
  VirtualCluster town(count, 3, seed, kStorm);
  Random random(seed * 7919);
  for (int node = 0; node < count; ++node) town.start(node);
  for (int strike = 0; strike < strikes; ++strike) trouble(town, random);
  town.heal();
  for (int node = 0; node < count; ++node)
    if (!town.running(node)) town.start(node);
  const auto took = town.until([&] { return town.agreed(); }, calm);
  REQUIRE(took.has_value());
  town.weather({});
  town.run(30s);
  CHECK(town.agreed());
}

}  // namespace

TEST_CASE("three members agree after any trouble, over a network that loses, doubles, delays and reorders") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) storm(3, seed, 12, 60s);
}

TEST_CASE("ten members agree after any trouble") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) storm(10, seed, 15, 60s);
}

TEST_CASE("fifty members agree after trouble, each message of bounded size") {
  storm(50, 5, 4, 60s);
}

TEST_CASE("fifty members know of a kill and of a newcomer within seconds") {
  VirtualCluster town(50, 3, 11, {0.01, 0.01, 0});
  for (int node = 0; node < 49; ++node) town.start(node);
  REQUIRE(town.until([&] { return town.agreed(); }, 30s));
  town.start(49);
  const auto joined = town.until([&] { return town.agreed(); }, 10s);
  REQUIRE(joined);
  CHECK(*joined <= 5s);
  town.kill(20);
  const auto noticed = town.until([&] { return town.agreed(); }, 20s);
  REQUIRE(noticed);
  CHECK(*noticed <= 7s);
  CHECK(town.largest() < 16'000);
}

TEST_CASE("a calm cluster costs tens of bytes per second and node") {
  for (const int count : {3, 10, 50}) {
    CAPTURE(count);
    VirtualCluster town(count, 3, 3);
    for (int node = 0; node < count; ++node) town.start(node);
    REQUIRE(town.until([&] { return town.agreed(); }, 60s));
    town.run(20s);
    const auto before = town.bytes();
    town.run(20s);
    const auto rate = static_cast<double>(town.bytes() - before) / 20 / count;
    CHECK(rate < 100);
  }
}
