#include "actors/policy/user_limits.hpp"

#include <string>
#include <variant>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using namespace troupe::policy;

namespace {

struct Bench {
  explicit Bench(const config::Limits& limits) : users(limits) {}
  UserLimits users;
  Random random{1};
  Time now{100h};

  Acquired ask(const std::string& user, std::int64_t tokens = 10) {
    return users.acquire(user, {{tokens}, {0}}, now, random);
  }
  bool admitted(const std::string& user, std::int64_t tokens = 10) {
    return std::holds_alternative<Grant>(ask(user, tokens));
  }
  PermitId take(const std::string& user) { return std::get<Grant>(ask(user)).permit; }
  void settle(const std::string& user, PermitId permit, bool called = true) {
    Settled settled;
    settled.permit = permit;
    settled.called = called;
    settled.usage.input = {10};
    users.settle(user, settled, now, random);
  }
};

}  // namespace

TEST_CASE("every user has limits of his own") {
  Bench b({.rpm = 2});
  CHECK(b.users.any());
  for (const auto* user : {"ann", "bob"}) {
    CHECK(b.admitted(user));
    CHECK(b.admitted(user));
    CHECK_FALSE(b.admitted(user));
  }
  CHECK(b.users.window("ann", RefusalReason::rpm, b.now).limit == 2);
  CHECK(b.users.window("nobody", RefusalReason::rpm, b.now).limit == 0);
}

TEST_CASE("a user's calls at a time come back as they end, and what was not sent does not count") {
  Bench b({.rpm = 2, .concurrency = 1});
  const auto first = b.take("ann");
  CHECK_FALSE(b.admitted("ann"));
  b.settle("ann", first, false);
  b.settle("ann", b.take("ann"));
  b.settle("ann", b.take("ann"));
  CHECK_FALSE(b.admitted("ann"));  // the minute's two
  b.settle("nobody", 1);
}

TEST_CASE("who is idle for longer than the longest window is forgotten, not who has a call under way") {
  Bench minutes({.rpm = 2});
  minutes.settle("idle", minutes.take("idle"));
  minutes.take("busy");
  minutes.now += 3min;
  CHECK(minutes.admitted("ann"));
  CHECK(minutes.users.size() == 2);
  Bench days({.rpd = 2});
  days.settle("ann", days.take("ann"));
  days.now += 23h;
  CHECK(days.admitted("bob"));
  CHECK(days.users.size() == 2);
}

TEST_CASE("beyond the most users the idlest is forgotten early, and where all are busy newcomers wait") {
  Bench b({.rpm = 1});
  for (std::size_t i = 0; i < UserLimits::kMost; ++i) {
    const auto name = std::to_string(i);
    b.settle(name, b.take(name));
  }
  CHECK(b.admitted("late"));
  CHECK(b.users.size() == UserLimits::kMost);
  CHECK(b.admitted("0"));        // begins again
  CHECK_FALSE(b.admitted("2"));  // is still known
  Bench busy({.concurrency = 1});
  for (std::size_t i = 0; i < UserLimits::kMost; ++i) busy.take(std::to_string(i));
  const auto refused = busy.ask("late");
  REQUIRE(std::holds_alternative<KeyRefusal>(refused));
  CHECK(std::get<KeyRefusal>(refused).retry_at == busy.now + 1s);
}

TEST_CASE("new limits hold for users who are there, and names are as long as they may be") {
  Bench b({.rpm = 1});
  CHECK(b.admitted("ann"));
  b.users.reconfigure({.rpm = 2}, b.now);
  CHECK(b.admitted("ann"));
  CHECK_FALSE(b.admitted("ann"));
  const std::string longest(UserLimits::kLongestName, 'x');
  CHECK(b.admitted(longest + "a"));
  CHECK(b.admitted(longest + "b"));
  CHECK_FALSE(b.admitted(longest));
}
