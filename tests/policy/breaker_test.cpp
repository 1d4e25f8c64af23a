#include "actors/policy/breaker.hpp"

#include <tuple>
#include <vector>

#include "tests/policy/property.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using policy::Breaker;
using policy::BreakerCause;
using policy::BreakerPhase;
using policy::BreakerTicket;

namespace {

const Time kStart{100h};

struct Bench {
  explicit Bench(config::Breaker s = {}) : settings(s), breaker(s) {}
  config::Breaker settings;
  Breaker breaker;
  Random random{1};
  Time now = kStart;

  void call(std::optional<Fault> fault) { breaker.result(breaker.entry(now), fault, now, random); }
  void fail(int times) {
    while (times-- > 0) call(Fault::provider_server_error);
  }
  /// Opened by five failures, and cooled down.
  void half_open() {
    fail(5);
    now = breaker.retry_at(now);
  }
};

}  // namespace

TEST_CASE("a breaker opens after five failures in a row, and a success between them starts anew") {
  Bench b;
  b.fail(4);
  b.call(std::nullopt);
  b.fail(4);
  CHECK(b.breaker.phase(b.now) == BreakerPhase::closed);
  b.fail(1);
  CHECK(b.breaker.phase(b.now) == BreakerPhase::open);
  CHECK_FALSE(b.breaker.allows(b.now));
  CHECK(b.breaker.history().back().cause == BreakerCause::failures_in_row);
  CHECK(b.breaker.history().back().fault == Fault::provider_server_error);
}

TEST_CASE("half of twenty failing within the window opens, and nineteen are too few to tell") {
  Bench b;
  for (int i = 0; i < 19; ++i) b.call(i % 2 ? std::optional<Fault>() : Fault::provider_connect);
  CHECK(b.breaker.phase(b.now) == BreakerPhase::closed);
  b.fail(1);
  CHECK(b.breaker.phase(b.now) == BreakerPhase::open);
  CHECK(b.breaker.history().back().cause == BreakerCause::error_rate);
}

TEST_CASE("failures that left the window count no more") {
  Bench b;
  for (int i = 0; i < 19; ++i) b.call(i % 2 ? std::optional<Fault>() : Fault::provider_connect);
  b.now += b.settings.window;
  b.fail(1);
  CHECK(b.breaker.phase(b.now) == BreakerPhase::closed);
}

TEST_CASE("a caller's mistake and a rate limit are no failures of the key") {
  Bench b;
  for (int i = 0; i < 50; ++i) b.call(Fault::provider_bad_request);
  for (int i = 0; i < 50; ++i) b.call(Fault::provider_rate_limited_requests);
  CHECK(b.breaker.phase(b.now) == BreakerPhase::closed);
}

TEST_CASE("after the cooldown only the probe budget passes, and that many successes close") {
  Bench b;
  b.half_open();
  CHECK(b.breaker.phase(b.now) == BreakerPhase::half_open);
  std::vector<BreakerTicket> probes;
  while (b.breaker.allows(b.now)) probes.push_back(b.breaker.entry(b.now));
  REQUIRE(probes.size() == 3);
  for (const auto& probe : probes) {
    CHECK(b.breaker.phase(b.now) == BreakerPhase::half_open);
    CHECK_FALSE(b.breaker.allows(b.now));
    b.breaker.result(probe, std::nullopt, b.now, b.random);
  }
  CHECK(b.breaker.phase(b.now) == BreakerPhase::closed);
}

TEST_CASE("a probe that never was called is free again") {
  Bench b;
  b.half_open();
  const auto first = b.breaker.entry(b.now);
  b.breaker.entry(b.now);
  b.breaker.entry(b.now);
  CHECK_FALSE(b.breaker.allows(b.now));
  b.breaker.abandon(first);
  CHECK(b.breaker.allows(b.now));
}

TEST_CASE("each failed probe doubles the cooldown up to its maximum") {
  Bench b;
  b.half_open();
  for (const auto expected : {60s, 120s, 240s, 480s, 600s, 600s}) {
    b.fail(1);
    const auto wait = b.breaker.retry_at(b.now) - b.now;
    CHECK(wait >= expected * 9 / 10);
    CHECK(wait <= std::min<Duration>(expected * 11 / 10, 600s));
    b.now += wait;
  }
}

TEST_CASE("a key that came back is ramped up from a tenth") {
  Bench b;
  b.half_open();
  CHECK(b.breaker.weight_factor(b.now) == Approx(0.1));
  for (int i = 0; i < 3; ++i) b.call(std::nullopt);
  CHECK(b.breaker.weight_factor(b.now) == Approx(0.1));
  CHECK(b.breaker.weight_factor(b.now + 15s) == Approx(0.55));
  CHECK(b.breaker.weight_factor(b.now + 30s) == Approx(1));
}

TEST_CASE("a relapse during the ramp keeps the longer cooldown, one after it starts over") {
  for (const auto pause : {Duration(1s), Duration(31s)}) {
    Bench b;
    b.half_open();
    for (int i = 0; i < 3; ++i) b.call(std::nullopt);
    b.now += pause;
    b.fail(5);
    const auto wait = b.breaker.retry_at(b.now) - b.now;
    CHECK((wait > 50s) == (pause == 1s));
  }
}

TEST_CASE("an answer to a call from before the opening is no verdict on the probes") {
  Bench b;
  const auto late = b.breaker.entry(b.now);
  b.half_open();
  b.breaker.entry(b.now);
  b.breaker.result(late, Fault::provider_server_error, b.now, b.random);
  CHECK(b.breaker.phase(b.now) == BreakerPhase::half_open);
}

TEST_CASE("a refused key is dead until it is revived") {
  for (const auto fault : {Fault::provider_key_dead, Fault::provider_quota_spent}) {
    Bench b;
    b.call(fault);
    CHECK(b.breaker.phase(b.now + 1000h) == BreakerPhase::dead);
    CHECK(b.breaker.retry_at(b.now) == kNever);
    CHECK(b.breaker.weight_factor(b.now) == 0);
    b.breaker.revive(b.now);
    CHECK(b.breaker.phase(b.now) == BreakerPhase::half_open);
    CHECK(b.breaker.history().back().cause == BreakerCause::revived);
  }
}

TEST_CASE("with a new secret an answer to the old one does not kill the key") {
  Bench b;
  const auto old = b.breaker.entry(b.now);
  b.breaker.renew(b.now);
  b.breaker.result(old, Fault::provider_key_dead, b.now, b.random);
  CHECK(b.breaker.phase(b.now) == BreakerPhase::closed);
}

TEST_CASE("a forced call that succeeds ends the cooldown") {
  Bench b;
  b.fail(5);
  b.call(Fault::provider_connect);
  CHECK(b.breaker.phase(b.now) == BreakerPhase::open);
  b.call(std::nullopt);
  CHECK(b.breaker.phase(b.now) == BreakerPhase::half_open);
}

TEST_CASE("the last sixteen transitions are kept") {
  Bench b;
  for (int i = 0; i < 40; ++i) {
    b.fail(5);
    b.breaker.revive(b.now);
  }
  REQUIRE(b.breaker.history().size() == 16);
  CHECK(policy::name(b.breaker.history().front().from) != "");
  CHECK(policy::name(b.breaker.history().front().cause) != "");
}

TEST_CASE("whatever happens, probes stay within their budget and no call passes an open breaker") {
  testing::holds([] {
    config::Breaker settings;
    settings.half_open_probes = *rc::gen::inRange(1, 5);
    Bench b(settings);
    std::vector<BreakerTicket> out;
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 6), rc::gen::inRange(0, 20'000)));
    for (const auto& [what, millis] : steps) {
      b.now += std::chrono::milliseconds(millis);
      if (what < 3) {
        if (b.breaker.allows(b.now)) out.push_back(b.breaker.entry(b.now));
      } else if (!out.empty()) {
        const auto fault = what == 3 ? std::optional<Fault>() : Fault::provider_reset;
        what == 5 ? b.breaker.abandon(out.front()) : b.breaker.result(out.front(), fault, b.now, b.random);
        out.erase(out.begin());
      }
      const auto* half = std::get_if<policy::HalfOpen>(&b.breaker.state());
      if (half) {
        RC_ASSERT(half->in_flight >= 0);
        RC_ASSERT(half->in_flight + half->succeeded <= settings.half_open_probes);
      }
      if (const auto* open = std::get_if<policy::Open>(&b.breaker.state())) {
        RC_ASSERT(b.breaker.allows(b.now) == (open->until <= b.now));
        RC_ASSERT(open->until <= b.now + settings.cooldown_max);
      }
      RC_ASSERT(b.breaker.allows(b.now) == (b.breaker.retry_at(b.now) == b.now));
    }
  });
}
