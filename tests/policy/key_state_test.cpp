#include "actors/policy/key_state.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using namespace troupe::policy;

namespace {

const Time kStart{100h};

struct Bench {
  explicit Bench(config::Limits limits = {}, config::Breaker breaker = {}) : key(limits, breaker) {}
  KeyState key;
  Random random{1};
  Time now = kStart;

  Acquired ask(std::int64_t in = 10, std::int64_t out = 10, bool force = false) {
    return key.acquire({{in}, {out}, force}, now, random);
  }
  PermitId take(std::int64_t in = 10, std::int64_t out = 10) { return std::get<Grant>(ask(in, out)).permit; }
  KeyRefusal refusal(std::int64_t in = 10, std::int64_t out = 10) {
    return std::get<KeyRefusal>(ask(in, out));
  }
  void settle(Settled settled) { key.settle(settled, now, random); }
  void succeed(PermitId permit, std::int64_t in = 10, std::int64_t out = 10) {
    Settled settled;
    settled.permit = permit;
    settled.usage.input = {in};
    settled.usage.output = {out};
    settle(settled);
  }
  void fail(PermitId permit, Fault fault, std::optional<Duration> retry_after = {}) {
    Settled settled;
    settled.permit = permit;
    settled.fault = fault;
    settled.limits.retry_after = retry_after;
    settle(settled);
  }
  WindowView window(std::size_t index) { return key.snapshot(now).windows[index]; }
};

}  // namespace

TEST_CASE("each limit refuses by its name and says when it could pass") {
  struct Row {
    config::Limits limits;
    RefusalReason reason;
  };
  const Row rows[] = {{{.rpm = 1}, RefusalReason::rpm},    {{.tpm = 30}, RefusalReason::tpm},
                      {{.itpm = 15}, RefusalReason::itpm}, {{.otpm = 15}, RefusalReason::otpm},
                      {{.rpd = 1}, RefusalReason::rpd},    {{.tpd = 30}, RefusalReason::tpd}};
  for (const auto& row : rows) {
    Bench b(row.limits);
    b.succeed(b.take());
    const auto refusal = b.refusal();
    INFO(name(row.reason));
    CHECK(refusal.reason == row.reason);
    CHECK(refusal.fault == Fault::troupe_no_capacity);
    CHECK(refusal.retry_at > b.now);
    b.now = refusal.retry_at;
    CHECK(std::holds_alternative<Grant>(b.ask()));
  }
}

TEST_CASE("calls under way are limited and counted") {
  Bench b({.concurrency = 1});
  const auto permit = b.take();
  const auto refusal = b.refusal();
  CHECK(refusal.reason == RefusalReason::concurrency);
  CHECK(refusal.retry_at <= b.now + 10s);
  b.succeed(permit);
  CHECK(std::holds_alternative<Grant>(b.ask()));
}

TEST_CASE("of several obstacles the one that lasts longest is told") {
  Bench b({.rpm = 1, .rpd = 1});
  b.succeed(b.take());
  CHECK(b.refusal().reason == RefusalReason::rpd);
}

TEST_CASE("a refusal takes nothing") {
  Bench b({.rpm = 10, .tpm = 15});
  CHECK(b.refusal().retry_at == kNever);
  CHECK(b.window(0).reserved == 0);
  CHECK(b.key.snapshot(b.now).refused == 1);
}

TEST_CASE("a high output cap alone does not exceed a limit on output tokens") {
  Bench b({.otpm = 100});
  CHECK(std::holds_alternative<Grant>(b.ask(10, 32'000)));
}

TEST_CASE("a call that never was made gives everything back") {
  Bench b({.rpm = 1, .tpm = 20, .rpd = 1, .concurrency = 1});
  Settled settled;
  settled.permit = b.take();
  settled.called = false;
  settled.fault = Fault::provider_connect;
  b.settle(settled);
  CHECK(std::holds_alternative<Grant>(b.ask()));
  CHECK(b.key.snapshot(b.now).latency.success_ratio == 1);
}

TEST_CASE("a permit is settled once, and a stranger's not at all") {
  Bench b({.rpm = 2, .concurrency = 1});
  const auto permit = b.take();
  b.succeed(permit);
  b.succeed(permit);
  b.succeed(999);
  const auto all = b.key.snapshot(b.now);
  CHECK(all.settled == 1);
  CHECK(all.ignored == 2);
  CHECK(all.in_flight == 0);
  CHECK(all.windows[0].used == 1);
}

TEST_CASE("tokens are settled by usage, and by the reservation where the usage is in doubt") {
  struct Row {
    std::optional<Fault> fault;
    std::int64_t in, out, used;
  };
  for (const Row row : {Row{{}, 10, 5, 15}, Row{{}, 10, 50, 60}, Row{{}, 0, 0, 20},
                        Row{Fault::provider_stream_cut, 10, 2, 20}, Row{Fault::caller_gone, 0, 0, 20},
                        Row{Fault::provider_bad_request, 0, 0, 0}, Row{Fault::provider_connect, 0, 0, 0}}) {
    Bench b({.tpm = 1000});
    Settled settled;
    settled.permit = b.take(10, 10);
    settled.fault = row.fault;
    settled.usage.input = {row.in};
    settled.usage.output = {row.out};
    b.settle(settled);
    CHECK(b.window(1).used == row.used);
    CHECK(b.window(1).reserved == 0);
  }
}

TEST_CASE("a request of a long stream cools from its first token, its tokens from the end") {
  Bench b({.rpm = 1, .tpm = 20});
  Settled settled;
  settled.permit = b.take();
  b.now += 50s;
  settled.usage.input = settled.usage.output = {10};
  settled.first_token = 1s;
  settled.total = 50s;
  b.settle(settled);
  CHECK(b.window(0).resets < kStart + 62s);
  CHECK(b.window(1).resets > kStart + 110s);
}

TEST_CASE("a permit that nobody settles is reclaimed as used") {
  Bench b({.rpm = 1, .concurrency = 1});
  const auto permit = b.take();
  b.now += KeyState::kLongestCall - 1s;
  CHECK(std::holds_alternative<KeyRefusal>(b.ask()));
  b.now += 1s;
  b.key.tick(b.now);
  CHECK(b.key.snapshot(b.now).reclaimed == 1);
  CHECK(b.refusal().reason == RefusalReason::rpm);
  b.succeed(permit);
  CHECK(b.key.snapshot(b.now).ignored == 1);
}

TEST_CASE("a rate limit closes its window until retry-after, and the key is not failing") {
  struct Row {
    Fault fault;
    RefusalReason reason;
  };
  for (const Row row : {Row{Fault::provider_rate_limited_requests, RefusalReason::rpm},
                        Row{Fault::provider_rate_limited_tokens, RefusalReason::tpm},
                        Row{Fault::provider_rate_limited_day, RefusalReason::rpd}}) {
    Bench b;
    b.fail(b.take(), row.fault, 20s);
    CHECK(b.refusal().reason == row.reason);
    CHECK(b.refusal().retry_at == b.now + 20s);
    CHECK(b.key.gauge(b.now).not_before == b.now + 20s);
    CHECK(b.key.gauge(b.now).success_ratio == 1);
  }
}

TEST_CASE("rate limits without a word on when to return pause twice as long each time") {
  Bench b;
  for (const auto expected : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    b.fail(b.take(), Fault::provider_rate_limited_requests, 0s);
    const auto wait = b.refusal().retry_at - b.now;
    CHECK(wait >= expected);
    CHECK(wait <= expected + expected * 1.0 / 10);
    b.now += wait;
  }
  b.succeed(b.take());
  b.fail(b.take(), Fault::provider_rate_limited_requests);
  CHECK(b.refusal().retry_at <= b.now + 1100ms);
}

TEST_CASE("calls that were refused together pause once") {
  Bench b;
  PermitId permits[5];
  for (auto& permit : permits) permit = b.take();
  for (const auto permit : permits) b.fail(permit, Fault::provider_rate_limited_requests);
  CHECK(b.refusal().retry_at <= b.now + 1100ms);
}

TEST_CASE("retry-after on a success is not obeyed, on an overload it pauses the key") {
  Bench b;
  Settled settled;
  settled.permit = b.take();
  settled.usage.input = {1};
  settled.limits.retry_after = 24s;
  b.settle(settled);
  CHECK(b.key.gauge(b.now).not_before <= b.now);
  b.fail(b.take(), Fault::provider_overloaded, 24s);
  CHECK(b.refusal().reason == RefusalReason::paused);
  CHECK(b.refusal().retry_at == b.now + 24s);
}

TEST_CASE("headers of any answer tighten the windows") {
  Bench b({.rpm = 100});
  Settled settled;
  settled.permit = b.take();
  settled.usage.input = {1};
  settled.limits.requests_minute = {.limit = 50, .remaining = 0, .reset = 7s};
  b.settle(settled);
  CHECK(b.window(0).limit == 50);
  CHECK(b.refusal().retry_at == b.now + 7s);
  CHECK(b.key.gauge(b.now).headroom == 0);
}

TEST_CASE("an open breaker refuses, and force passes it but no limit") {
  Bench b({.rpm = 6});
  for (int i = 0; i < 5; ++i) b.fail(b.take(), Fault::provider_server_error);
  CHECK(b.refusal().reason == RefusalReason::breaker_open);
  CHECK(b.refusal().fault == Fault::troupe_all_open);
  CHECK(b.key.gauge(b.now).phase == BreakerPhase::open);
  CHECK(std::holds_alternative<Grant>(b.ask(10, 10, true)));
  CHECK(std::get<KeyRefusal>(b.ask(10, 10, true)).reason == RefusalReason::rpm);
}

TEST_CASE("a half-open key grants probes, and three that pass close it") {
  Bench b;
  for (int i = 0; i < 5; ++i) b.fail(b.take(), Fault::provider_server_error);
  b.now = b.refusal().retry_at;
  for (int i = 0; i < 3; ++i) {
    const auto grant = std::get<Grant>(b.ask());
    CHECK(grant.probe);
    b.succeed(grant.permit);
  }
  CHECK_FALSE(std::get<Grant>(b.ask()).probe);
  const auto all = b.key.snapshot(b.now);
  CHECK(all.phase == BreakerPhase::closed);
  CHECK(all.history.size() == 3);
  CHECK(all.last_fault->fault == Fault::provider_server_error);
}

TEST_CASE("a dead key is tried again with a new secret, and its windows are not forgotten") {
  Bench b({.rpm = 2});
  b.fail(b.take(), Fault::provider_key_dead);
  CHECK(b.refusal().reason == RefusalReason::dead);
  CHECK(b.refusal().retry_at == kNever);
  b.key.reconfigure({.rpm = 2}, {}, false, b.now);
  CHECK(b.refusal().reason == RefusalReason::dead);
  b.key.reconfigure({.rpm = 2}, {}, true, b.now);
  b.succeed(b.take());
  CHECK(b.refusal().reason == RefusalReason::rpm);
}

TEST_CASE("a changed limit applies to what was used before") {
  Bench b({.rpm = 1, .concurrency = 1});
  b.succeed(b.take());
  b.key.reconfigure({.rpm = 2, .concurrency = 2}, {}, false, b.now);
  b.take();
  CHECK(b.refusal().reason == RefusalReason::rpm);
  CHECK(b.key.gauge(b.now).in_flight == 1);
}

TEST_CASE("a gauge shows the tightest window and what calls were like") {
  Bench b({.rpm = 10, .tpm = 100});
  Settled settled;
  settled.permit = b.take(50, 10);
  settled.usage.input = {50};
  settled.usage.output = {10};
  settled.first_token = 200ms;
  settled.total = 1s;
  settled.cost = Money{700};
  b.settle(settled);
  const auto gauge = b.key.gauge(b.now);
  CHECK(gauge.headroom == Approx(0.4));
  CHECK(gauge.not_before <= b.now);
  CHECK(*gauge.first_token_ms == Approx(200));
  CHECK(*gauge.first_token_peak_ms == Approx(200));
  CHECK(*gauge.first_token_p95_ms >= 200);
  CHECK(gauge.average_cost == Money{700});
}

TEST_CASE("a stream that goes on gives its place in the minute back a minute after it began") {
  Bench b({.rpm = 1, .rpd = 2});
  const auto permit = b.take();
  b.now += 1s;
  b.key.begun(permit, b.now, b.now);
  CHECK(b.refusal().reason == RefusalReason::rpm);
  CHECK(b.window(0).reserved == 0);
  CHECK(b.window(0).used == 1);
  b.now = b.refusal().retry_at;
  CHECK(b.now <= kStart + 62s);
  CHECK(std::holds_alternative<Grant>(b.ask()));
  b.now += 200s;
  b.succeed(permit);
  CHECK(b.window(0).used == 0);  // not once more at its end
  CHECK(b.window(4).used == 1);
  CHECK(b.window(1).used == 20);
}

TEST_CASE("what has begun is no earlier than its permit, and is told once") {
  Bench b({.rpm = 2});
  b.now += 10s;
  const auto permit = b.take();
  b.key.begun(permit, b.now - 1h, b.now + 1s);
  b.key.begun(permit, b.now, b.now + 1s);
  b.key.begun(77, b.now, b.now + 1s);
  CHECK(b.window(0).used == 1);
  CHECK(b.window(0).reserved == 0);
  CHECK(b.window(0).resets >= b.now + 60s);
}

TEST_CASE("a passed call that was forced through a dead breaker revives the key") {
  Bench b;
  b.fail(b.take(), Fault::provider_key_dead);
  const auto failed = std::get<Grant>(b.ask(10, 1, true)).permit;
  b.fail(failed, Fault::provider_key_dead);
  CHECK(b.key.gauge(b.now).phase == BreakerPhase::dead);
  const auto passed = std::get<Grant>(b.ask(10, 1, true)).permit;
  b.succeed(passed);
  CHECK(b.key.gauge(b.now).phase == BreakerPhase::half_open);
  CHECK(b.key.gauge(b.now).last_call == b.now);
}
