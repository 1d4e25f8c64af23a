#include "cluster/link/clock_rate.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::link;
using namespace std::chrono_literals;

namespace {

/// A peer whose clock runs at `rate` of ours; the answer is read at a part `when` of the round trip.
struct Peer {
  explicit Peer(double runs = 1, Duration away = 1ms) : rate(runs), round_trip(away) {}
  double rate = 1;
  Duration round_trip = 1ms;
  ClockRate seen;
  Time now{100s};
  Duration clock{7h};

  void beat(double when = 0.5) {
    const auto until = Duration(static_cast<Duration::rep>(static_cast<double>(round_trip.count()) * when));
    seen.sample(now, now + round_trip, clock + until);
    pass(500ms);
  }
  void pass(Duration span) {
    now += span;
    clock += Duration(static_cast<Duration::rep>(static_cast<double>(span.count()) * rate));
  }
};

}  // namespace

TEST_CASE("nothing is said about a clock before ten seconds") {
  Peer peer;
  for (int i = 0; i < 20; ++i) peer.beat();
  CHECK_FALSE(peer.seen.bounds());
  CHECK(peer.seen.proven() == 0);
}

TEST_CASE("the bounds of a clock's rate hold the truth, and narrow with the baseline") {
  Peer peer{1 + 300e-6};
  for (int i = 0; i < 30; ++i) peer.beat(i % 2);
  const auto early = peer.seen.bounds();
  REQUIRE(early);
  CHECK((early->low <= 300e-6 && 300e-6 <= early->high));
  for (int i = 0; i < 300; ++i) peer.beat(i % 2);
  const auto late = peer.seen.bounds();
  REQUIRE(late);
  CHECK((late->low <= 300e-6 && 300e-6 <= late->high));
  CHECK(late->high - late->low < (early->high - early->low) / 5);
  CHECK(late->high - late->low < 20e-6);
}

TEST_CASE("a slow network proves nothing against an honest clock, whenever it answers") {
  Peer peer{1, 80ms};
  for (int i = 0; i < 400; ++i) {
    peer.beat(i % 3 == 0 ? 0.0 : 1.0);
    REQUIRE(peer.seen.proven() == 0);
  }
}

TEST_CASE("a clock that runs a thousandth fast or slow is found out") {
  for (const double rate : {1 + 1e-3, 1 - 1e-3}) {
    Peer peer{rate};
    for (int i = 0; i < 60; ++i) peer.beat();
    CHECK(peer.seen.proven() > 900e-6);
    CHECK(peer.seen.proven() < 1.1e-3);
  }
}

TEST_CASE("a machine that slept for some seconds is found out, and forgiven when that is past") {
  Peer peer;
  for (int i = 0; i < 60; ++i) peer.beat();
  peer.now += 4s;  // its clock stood still
  peer.beat();
  peer.beat();
  CHECK(peer.seen.proven() > 500e-6);
  for (int i = 0; i < 450; ++i) peer.beat();
  CHECK(peer.seen.proven() == 0);
}

TEST_CASE("answers that come late or out of order are ignored") {
  Peer peer;
  for (int i = 0; i < 60; ++i) peer.beat();
  peer.seen.sample(peer.now - 20s, peer.now - 20s + 1ms, peer.clock + 1h);
  peer.seen.sample(peer.now, peer.now - 1ms, peer.clock + 1h);
  CHECK(peer.seen.proven() == 0);
}
