#include "actors/policy/call_plan.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using namespace troupe::policy;

namespace {

const Time kStart{100h};

struct Allowance final : RetryAllowance {
  int left = 1000, taken = 0;
  bool take(Time) override { return left-- > 0 && ++taken; }
};

struct Bench {
  explicit Bench(config::Model m = {}) : model(std::move(m)) {}
  config::Model model;
  Allowance allowance;
  Random random{1};
  Time now = kStart;
  CallPlan plan{model, kStart, kStart + 120s, allowance};

  Step fail(Fault fault, std::uint32_t key = 1, const char* provider = "a",
            std::optional<Duration> retry_after = {}) {
    return plan.failed(fault, key, provider, retry_after, now, random);
  }
  Step refuse(Time retry_at = kNever, bool wait_helps = false, std::optional<std::uint32_t> key = {}) {
    return plan.refused(Fault::troupe_no_capacity, retry_at, key, wait_helps, now, random);
  }
};

using Keys = std::vector<std::uint32_t>;

const Ask& asked(const Step& step) {
  REQUIRE(std::holds_alternative<Ask>(step));
  return std::get<Ask>(step);
}
const GiveUp& gave_up(const Step& step) {
  REQUIRE(std::holds_alternative<GiveUp>(step));
  return std::get<GiveUp>(step);
}

config::Model with_attempts(int attempts) {
  config::Model model;
  model.retry.attempts = attempts;
  return model;
}

}  // namespace

TEST_CASE("a plan begins by asking for anything") {
  Bench b;
  const auto step = b.plan.begin();
  CHECK(asked(step).tried_keys.empty());
  CHECK(asked(step).tried_providers.empty());
  CHECK_FALSE(asked(step).in_line);
}

TEST_CASE("a failed endpoint is not asked for again while others are untried") {
  Bench b;
  CHECK(asked(b.fail(Fault::provider_server_error, 4)).tried_keys == Keys{4});
}

TEST_CASE("a dead key leaves the provider's other keys, a missing model leaves the provider") {
  Bench b;
  CHECK(asked(b.fail(Fault::provider_key_dead, 4, "a")).tried_providers.empty());
  CHECK(asked(b.fail(Fault::provider_model_missing, 5, "a")).tried_providers ==
        std::vector<std::string>{"a"});
}

TEST_CASE("no more calls than configured are made, and the last fault is told") {
  Bench b(with_attempts(3));
  b.fail(Fault::provider_connect, 1);
  b.fail(Fault::provider_server_error, 2);
  CHECK(gave_up(b.fail(Fault::provider_overloaded, 3)).fault == Fault::provider_overloaded);
  CHECK(b.plan.attempts() == 3);
}

TEST_CASE("a caller's fault and a refused content are told at once") {
  for (const auto fault : {Fault::provider_bad_request, Fault::provider_content_refused, Fault::caller_gone,
                           Fault::provider_timeout_total}) {
    Bench b;
    CHECK(gave_up(b.fail(fault)).fault == fault);
    CHECK(b.allowance.taken == 0);
  }
}

TEST_CASE("only the configured classes are retried") {
  config::Model model;
  model.retry.on = {"overloaded"};
  CHECK(gave_up(Bench(model).fail(Fault::provider_server_error)).fault == Fault::provider_server_error);
  CHECK(std::holds_alternative<Ask>(Bench(model).fail(Fault::provider_overloaded)));
}

TEST_CASE("without a retry left in the budget the fault is told") {
  Bench b;
  b.allowance.left = 1;
  CHECK(std::holds_alternative<Ask>(b.fail(Fault::provider_server_error, 1)));
  CHECK(gave_up(b.fail(Fault::provider_server_error, 2)).fault == Fault::provider_server_error);
}

TEST_CASE("nothing is tried after the total deadline") {
  Bench b;
  b.now = kStart + 120s;
  CHECK(std::holds_alternative<GiveUp>(b.fail(Fault::provider_server_error)));
}

TEST_CASE("the same endpoint is called again only when nothing else is left, after a pause") {
  Bench b;
  b.fail(Fault::provider_server_error, 1);
  const auto step = b.refuse();
  REQUIRE(std::holds_alternative<WaitUntil>(step));
  CHECK(std::get<WaitUntil>(step).until <= b.now + 100ms);
  CHECK(asked(b.plan.waited()).tried_keys.empty());
}

TEST_CASE("a pause is at least as long as the provider asked for") {
  Bench b;
  b.fail(Fault::provider_overloaded, 1, "a", 2s);
  CHECK(std::get<WaitUntil>(b.refuse()).until >= b.now + 2s);
}

TEST_CASE("pauses have full jitter and a maximum that doubles") {
  Time longest = kStart;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Bench b(with_attempts(5));
    b.random = Random(seed);
    b.fail(Fault::provider_server_error, 1);
    b.refuse();
    b.fail(Fault::provider_server_error, 1);
    longest = std::max(longest, std::get<WaitUntil>(b.refuse()).until);
  }
  CHECK(longest <= kStart + 200ms);
  CHECK(longest >= kStart + 180ms);
}

TEST_CASE("a key that refused is passed over, and forgotten when time has passed") {
  Bench b;
  CHECK(asked(b.refuse(kStart + 1s, true, 7)).tried_keys == Keys{7});
  CHECK(std::holds_alternative<JoinLine>(b.refuse(kStart + 1s, true)));
  const auto step = b.plan.joined(true, b.now);
  CHECK(asked(step).tried_keys.empty());
  CHECK(asked(step).in_line);
}

TEST_CASE("a full window is waited for in line, and at its head until it opens") {
  Bench b;
  const auto step = b.refuse(kStart + 3s, true);
  REQUIRE(std::holds_alternative<JoinLine>(step));
  CHECK(std::get<JoinLine>(step).deadline == kStart + 5s);
  b.plan.joined(true, b.now);
  CHECK(std::get<WaitUntil>(b.refuse(kStart + 3s, true)).until == kStart + 3s);
}

TEST_CASE("a window that opens too late is told with the exact time") {
  Bench b;
  const auto step = b.refuse(kStart + 6s, true);
  CHECK(gave_up(step).fault == Fault::troupe_no_capacity);
  CHECK(gave_up(step).retry_at == kStart + 6s);
}

TEST_CASE("a full line and a turn that never came are told apart") {
  Bench full, late;
  full.refuse(kStart + 3s, true);
  late.refuse(kStart + 3s, true);
  CHECK(gave_up(full.plan.joined(false, kStart)).fault == Fault::policy_queue_full);
  const auto step = late.plan.joined(false, kStart + 5s);
  CHECK(gave_up(step).fault == Fault::policy_queue_timeout);
  CHECK(gave_up(step).retry_at == kStart + 3s);
}

TEST_CASE("the provider's fault is told, not that nothing else was found") {
  Bench b;
  b.fail(Fault::provider_key_dead, 1);
  CHECK(gave_up(b.refuse()).fault == Fault::provider_key_dead);
}

TEST_CASE("when the last key has refused, the caller hears that key's reason and not that it was tried") {
  config::Model model;
  model.queue.max_wait = 0s;
  Bench b(model);
  CHECK(asked(b.refuse(kStart + 40s, true, 1)).tried_keys == Keys{1});
  CHECK(asked(b.refuse(kStart + 30s, true, 2)).tried_keys == Keys{1, 2});
  const auto step = b.plan.refused(Fault::policy_no_target, kNever, {}, false, b.now, b.random);
  CHECK(gave_up(step).fault == Fault::troupe_no_capacity);
  CHECK(gave_up(step).retry_at == kStart + 30s);
}

TEST_CASE("a key that is full for an unknown time is waited for in line") {
  Bench b;
  b.refuse(kNever, true, 1);
  CHECK(std::holds_alternative<JoinLine>(
      b.plan.refused(Fault::policy_no_target, kNever, {}, false, b.now, b.random)));
}

TEST_CASE("an endpoint that failed twice is left for a key that opens in time") {
  Bench b(with_attempts(4));
  b.fail(Fault::provider_connect);
  CHECK(std::holds_alternative<WaitUntil>(b.refuse(b.now + 200ms, true)));
  b.plan.waited();
  b.fail(Fault::provider_connect);
  CHECK(std::holds_alternative<JoinLine>(b.refuse(b.now + 200ms, true)));
  const auto step = b.plan.joined(true, b.now);
  CHECK(asked(step).tried_keys == Keys{1});
}
