#include <set>

#include "actors/policy/key_state.hpp"
#include "tests/policy/property.hpp"

using namespace troupe;
using namespace troupe::policy;
using namespace std::chrono_literals;

namespace {

const Time kStart{100h};

struct Bench {
  explicit Bench(config::Limits limits = {}, config::Breaker breaker = {}) : key(limits, breaker) {}
  KeyState key;
  Random random{1};
  Time now = kStart;

  Acquired ask(bool force = false) { return key.acquire({{10}, {10}, force}, now, random); }
  bool passes() { return std::holds_alternative<Grant>(ask()); }
  PermitId take(bool force = false) { return std::get<Grant>(ask(force)).permit; }
  KeyRefusal refusal(bool force = false) { return std::get<KeyRefusal>(ask(force)); }
  void end(PermitId permit, std::optional<Fault> fault = {}, ProviderTruth truth = {}) {
    Settled settled;
    settled.permit = permit;
    settled.fault = fault;
    settled.usage.input = {10};
    settled.usage.output = {10};
    settled.limits = truth;
    key.settle(settled, now, random);
  }
  void fail(Fault fault, std::optional<Duration> retry_after = {}) {
    ProviderTruth truth;
    truth.retry_after = retry_after;
    end(take(), fault, truth);
  }
  void told(About about, std::int64_t value, Duration span) {
    key.hear({about, value, now + span, "b"}, now);
  }
  BreakerPhase phase() { return key.gauge(now).phase; }
};

ProviderTruth says_rpm(std::int64_t limit) {
  ProviderTruth truth;
  truth.requests_minute.limit = limit;
  return truth;
}

}  // namespace

TEST_CASE("a key that the provider refuses here is told to the others with an end") {
  Bench b;
  b.fail(Fault::provider_key_dead);
  CHECK(b.key.take_findings() == std::vector<Evidence>{{About::verdict, 1, Findings::kVerdictHolds}});
}

TEST_CASE("a 429 is told when it says until when, and not when this node only guesses") {
  Bench told, guessed;
  told.fail(Fault::provider_rate_limited_requests, 5s);
  CHECK(told.key.take_findings() == std::vector<Evidence>{{About::pause, 1, 5s}});
  guessed.fail(Fault::provider_rate_limited_requests);
  CHECK(guessed.key.take_findings().empty());
}

TEST_CASE("a 429 that names the reset of an empty window is told until then") {
  Bench b;
  ProviderTruth truth;
  truth.requests_minute.remaining = 0;
  truth.requests_minute.reset = 7s;
  b.end(b.take(), Fault::provider_rate_limited_requests, truth);
  CHECK(b.key.take_findings() == std::vector<Evidence>{{About::pause, 1, 7s}});
}

TEST_CASE("soft faults are not told until they open the breaker, and then as its cooldown") {
  Bench b({}, {.failures = 2});
  b.fail(Fault::provider_server_error);
  CHECK(b.key.take_findings().empty());
  b.fail(Fault::provider_server_error);
  const auto found = b.key.take_findings();
  REQUIRE(found.size() == 1);
  CHECK(found[0].about == About::breaker);
  CHECK(found[0].value == 1);
  CHECK(found[0].remaining > 20s);
}

TEST_CASE("a breaker that closes again is told") {
  Bench b({}, {.failures = 1, .half_open_probes = 1});
  b.fail(Fault::provider_server_error);
  b.key.take_findings();
  b.now += 40s;
  b.end(b.take());
  CHECK(b.key.take_findings() == std::vector<Evidence>{{About::breaker, 0, {}}});
}

TEST_CASE("a key that another node found refused is asked by nobody here, until then") {
  Bench b;
  b.told(About::verdict, 1, 5min);
  CHECK(b.phase() == BreakerPhase::dead);
  CHECK(b.refusal().reason == RefusalReason::dead);
  CHECK(b.refusal().fault == Fault::troupe_all_open);
  CHECK(b.refusal().retry_at == b.now + 5min);
  CHECK(b.key.gauge(b.now).not_before == b.now + 5min);
}

TEST_CASE("a refusal that runs out is tried by a few calls, not by all") {
  Bench b({}, {.half_open_probes = 2});
  b.told(About::verdict, 1, 5min);
  b.now += 5min;
  CHECK(b.passes());
  CHECK(b.passes());
  CHECK_FALSE(b.passes());
  CHECK(b.phase() == BreakerPhase::half_open);
}

TEST_CASE("a refused key that a forced call finds well is well here at once, and the others are told") {
  Bench b;
  b.told(About::verdict, 1, 5min);
  const auto probe = b.take(true);
  b.now += 1s;
  b.end(probe);
  CHECK(b.phase() == BreakerPhase::closed);
  CHECK(b.passes());
  CHECK(b.key.take_findings() == std::vector<Evidence>{{About::verdict, 0, {}}});
}

TEST_CASE("a call that was under way before the word came does not disprove it") {
  Bench b;
  const auto early = b.take();
  b.now += 1s;
  b.told(About::verdict, 1, 5min);
  b.now += 1s;
  b.end(early);
  CHECK(b.phase() == BreakerPhase::dead);
  CHECK(b.key.take_findings().empty());
}

TEST_CASE("a probe that is refused again tells it again, so that it does not run out") {
  Bench b;
  b.told(About::verdict, 1, 5min);
  const auto probe = b.take(true);
  b.now += 1s;
  b.end(probe, Fault::provider_key_dead);
  CHECK(b.key.take_findings().size() == 1);
  CHECK(b.phase() == BreakerPhase::dead);
}

TEST_CASE("the word that a key works again ends what others said and what this node saw") {
  Bench heard, saw;
  heard.told(About::verdict, 1, 5min);
  heard.told(About::verdict, 0, 10min);
  CHECK(heard.phase() == BreakerPhase::closed);
  saw.fail(Fault::provider_key_dead);
  saw.told(About::verdict, 0, 10min);
  CHECK(saw.phase() == BreakerPhase::half_open);
}

TEST_CASE("the word that a key works again does not close a breaker that opened for other reasons") {
  Bench b({}, {.failures = 1});
  b.fail(Fault::provider_server_error);
  b.told(About::verdict, 0, 10min);
  CHECK(b.phase() == BreakerPhase::open);
}

TEST_CASE("a pause of another node holds here for all calls, probes too, and ends by itself") {
  Bench b;
  b.told(About::pause, 1, 5s);
  CHECK(b.refusal().reason == RefusalReason::paused);
  CHECK(b.refusal(true).retry_at == b.now + 5s);
  b.now += 5s;
  CHECK(b.passes());
  CHECK(b.phase() == BreakerPhase::closed);
}

TEST_CASE("another node's open breaker closes nothing here, but half the failures open this one") {
  Bench b({}, {.failures = 5});
  b.told(About::breaker, 1, 30s);
  CHECK(b.passes());
  CHECK(b.phase() == BreakerPhase::closed);
  for (int i = 0; i < 2; ++i) b.fail(Fault::provider_server_error);
  CHECK(b.phase() == BreakerPhase::closed);
  b.fail(Fault::provider_server_error);
  CHECK(b.phase() == BreakerPhase::open);
}

TEST_CASE("suspicion is over with the other's breaker, or when its time is") {
  for (const bool taken_back : {true, false}) {
    Bench b({}, {.failures = 4});
    b.told(About::breaker, 1, 30s);
    if (taken_back) b.told(About::breaker, 0, 10min);
    if (!taken_back) b.now += 30s;
    for (int i = 0; i < 3; ++i) b.fail(Fault::provider_server_error);
    CHECK(b.phase() == BreakerPhase::closed);
  }
}

TEST_CASE("a smaller limit that another node was told holds here, never a larger one") {
  Bench smaller({.rpm = 10}), larger({.rpm = 10}), none;
  smaller.told(About::rpm, 3, 5min);
  larger.told(About::rpm, 1000, 5min);
  none.told(About::rpm, 3, 5min);
  for (int i = 0; i < 3; ++i) CHECK(smaller.passes());
  CHECK_FALSE(smaller.passes());
  for (int i = 0; i < 10; ++i) CHECK(larger.passes());
  CHECK_FALSE(larger.passes());
  for (int i = 0; i < 20; ++i) CHECK(none.passes());
  smaller.now += 5min;
  for (int i = 0; i < 7; ++i) CHECK(smaller.passes());
  CHECK_FALSE(smaller.passes());
}

TEST_CASE("a limit below the configured one is told, and taken back when the provider says more") {
  Bench b({.rpm = 100});
  b.end(b.take(), {}, says_rpm(100));
  CHECK(b.key.take_findings().empty());
  b.end(b.take(), {}, says_rpm(40));
  CHECK(b.key.take_findings() == std::vector<Evidence>{{About::rpm, 40, Findings::kLimitHolds}});
  b.now += 10s;
  b.end(b.take(), {}, says_rpm(100));
  CHECK(b.key.take_findings().empty());  // another model's, perhaps
  b.now += 1min;
  b.end(b.take(), {}, says_rpm(100));
  CHECK(b.key.take_findings() == std::vector<Evidence>{{About::rpm, 0, {}}});
}

TEST_CASE("a changed secret forgets what was said of the old one") {
  Bench b({.rpm = 10});
  b.told(About::verdict, 1, 5min);
  b.told(About::pause, 1, 5min);
  b.told(About::rpm, 1, 5min);
  b.told(About::breaker, 1, 5min);
  b.key.reconfigure({.rpm = 10}, config::Breaker{}, true, b.now);
  CHECK(b.key.snapshot(b.now).hearsay.empty());
  for (int i = 0; i < 10; ++i) CHECK(b.passes());
}

TEST_CASE("inspection names what is said of a key and by whom") {
  Bench b;
  b.told(About::pause, 1, 5s);
  const auto all = b.key.snapshot(b.now).hearsay;
  REQUIRE(all.size() == 1);
  CHECK(all[0].about == About::pause);
  CHECK(all[0].from == "b");
  b.now += 5s;
  CHECK(b.key.snapshot(b.now).hearsay.empty());
}

TEST_CASE("whatever others say, no more passes in a minute than the limit, and a silent hour opens the key") {
  troupe::testing::holds([] {
    Bench b({.rpm = 7}, {.failures = 2, .half_open_probes = 1});
    std::vector<Time> sent;
    const int steps = *rc::gen::inRange(20, 200);
    for (int i = 0; i < steps; ++i) {
      b.now += Duration(std::chrono::milliseconds(*rc::gen::inRange(0, 5000)));
      if (*rc::gen::inRange(0, 3) == 0) {
        const auto about = static_cast<About>(*rc::gen::inRange<std::size_t>(0, kAbouts));
        const auto until = b.now + std::chrono::seconds(*rc::gen::inRange(-10, 100000));
        b.key.hear({about, *rc::gen::inRange(0, 20), *rc::gen::arbitrary<bool>() ? until : kNever, "x"},
                   b.now);
        continue;
      }
      const auto got = b.ask(*rc::gen::arbitrary<bool>());
      if (!std::holds_alternative<Grant>(got)) continue;
      sent.push_back(b.now);
      b.end(std::get<Grant>(got).permit,
            *rc::gen::inRange(0, 4) == 0 ? std::optional(Fault::provider_server_error) : std::nullopt);
    }
    for (const auto& first : sent) {
      const auto within =
          std::count_if(sent.begin(), sent.end(), [&](Time at) { return at >= first && at < first + 1min; });
      RC_ASSERT(within <= 7);
    }
    b.now += 61min;
    RC_ASSERT(b.passes());
  });
}
