#include <vector>

#include "actors/policy/key_state.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using namespace troupe::policy;

namespace {

struct Bench {
  explicit Bench(config::Limits limits) : key(limits, config::Breaker{}) {}
  KeyState key;
  Random random{1};
  Time now{100h};

  Acquired ask(Claimant who, double reserve = 0, std::int64_t tokens = 20) {
    return key.acquire({{tokens}, {0}, false, who, reserve}, now, random);
  }
  int granted(int times, Claimant who, double reserve = 0, std::int64_t tokens = 20) {
    int yes = 0;
    for (int i = 0; i < times; ++i) {
      const auto answer = ask(who, reserve, tokens);
      if (const auto* grant = std::get_if<Grant>(&answer)) {
        held.push_back(grant->permit);
        ++yes;
      }
    }
    return yes;
  }
  KeyRefusal refusal(Claimant who, double reserve = 0, std::int64_t tokens = 20) {
    return std::get<KeyRefusal>(ask(who, reserve, tokens));
  }
  void end_all() {
    for (const auto permit : held) {
      Settled settled;
      settled.permit = permit;
      settled.usage.input = {20};
      key.settle(settled, now, random);
    }
    held.clear();
  }
  std::vector<PermitId> held;
};

constexpr Claimant kA{1}, kB{2};

}  // namespace

TEST_CASE("batch work leaves a share of every limit of a key alone") {
  struct Row {
    config::Limits limits;
    RefusalReason reason;
  };
  const Row rows[] = {
      {{.rpm = 10}, RefusalReason::rpm},    {{.tpm = 200}, RefusalReason::tpm},
      {{.itpm = 200}, RefusalReason::itpm}, {{.rpd = 10}, RefusalReason::rpd},
      {{.tpd = 200}, RefusalReason::tpd},   {{.concurrency = 10}, RefusalReason::concurrency}};
  for (const auto& row : rows) {
    Bench b(row.limits);
    INFO(name(row.reason));
    CHECK(b.granted(20, kA, 0.2) == 8);
    const auto refusal = b.refusal(kA, 0.2);
    CHECK(refusal.reason == row.reason);
    CHECK(refusal.kept_for == KeptFor::classes);
    CHECK(refusal.retry_at > b.now);
    CHECK(refusal.retry_at < kNever);
    CHECK(b.granted(20, kA) == 2);
  }
}

TEST_CASE("a key of one call at a time does batch work too, and a huge call waits for the whole limit") {
  Bench one({.concurrency = 1});
  CHECK(one.granted(2, kA, 0.2) == 1);
  Bench b({.tpm = 100});
  CHECK(b.granted(1, kA, 0.2, 95) == 1);
  Bench used({.tpm = 100});
  CHECK(used.granted(1, kA, 0, 1) == 1);
  CHECK(used.granted(1, kA, 0.2, 95) == 0);
}

TEST_CASE("what a batch call is refused for does not make the key short for tenants") {
  Bench b({.concurrency = 10});
  CHECK(b.granted(10, kA, 0.2) == 8);
  CHECK(b.granted(10, kB) == 2);  // no claims are counted yet
}

TEST_CASE("a tenant that has its share of a key leaves the rest to who waits for it") {
  Bench b({.concurrency = 10});
  CHECK(b.granted(11, kA) == 10);
  CHECK(b.granted(1, kB) == 0);
  b.end_all();
  CHECK(b.granted(10, kA) == 5);
  CHECK(b.refusal(kA).kept_for == KeptFor::tenants);
  CHECK(b.refusal(kA).retry_at <= b.now + 1s);
  CHECK(b.granted(10, kB) == 5);
  CHECK(b.refusal(kB).kept_for == KeptFor::nobody);
}

TEST_CASE("requests by the minute are shared from the second minute of scarcity on") {
  Bench b({.rpm = 100});
  CHECK(b.granted(101, kA) == 100);
  b.end_all();
  CHECK(b.granted(1, kB) == 0);
  b.now += 61s;
  CHECK(b.granted(1, kB) == 1);
  CHECK(b.granted(100, kA) == 99);  // a minute after the last refusal nobody has a claim
  CHECK(b.granted(1, kA) == 0);
  CHECK(b.granted(1, kB) == 0);
  b.end_all();
  b.now += 40s;
  CHECK(b.granted(1, kA) == 0);
  CHECK(b.granted(1, kB) == 0);
  b.now += 21s;
  CHECK(b.granted(100, kA) == 50);
  CHECK(b.granted(100, kB) == 50);
}

TEST_CASE("a call that began, ended or was never sent is counted once") {
  Bench b({.rpm = 10});
  CHECK(b.granted(11, kA) == 10);
  CHECK(b.granted(1, kB) == 0);
  b.end_all();
  b.now += 40s;
  CHECK(b.granted(1, kA) == 0);
  CHECK(b.granted(1, kB) == 0);
  b.now += 21s;
  CHECK(b.granted(10, kA) == 5);
  for (const auto permit : b.held) b.key.begun(permit, b.now, b.now);
  CHECK(b.granted(1, kA) == 0);
  for (const auto permit : b.held) {
    Settled unused;
    unused.permit = permit;
    unused.called = false;
    b.key.settle(unused, b.now, b.random);
  }
  b.held.clear();
  CHECK(b.granted(1, kA) == 0);  // what has begun stays counted
  CHECK(b.granted(10, kB) == 5);
}
