#include "actors/policy/fair_use.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;
using troupe::Time;
using troupe::policy::Claimant;
using troupe::policy::FairUse;

namespace {

const Time kStart{100h};
constexpr Claimant kGreedy{1}, kModest{2};
constexpr FairUse::Amounts kOne{1, 0, 0, 0, 1};
constexpr FairUse::Amounts kLimits{100, 0, 0, 0, 10};

struct Scarcity {
  FairUse use;
  Time now = kStart;

  std::int64_t kept(const Claimant& from, std::size_t limit = 0) {
    return use.keep(from, kOne, kLimits, now)[limit];
  }
  void uses(const Claimant& who, int times, bool over = true) {
    for (int i = 0; i < times; ++i) {
      CHECK(use.took(who.who, kOne, now));
      if (over) use.ended(who.who, kOne, {1}, now);
    }
  }
  void both_wait() {
    use.fell_short(kGreedy, false, now);
    use.fell_short(kModest, false, now);
  }
};

}  // namespace

TEST_CASE("while there is enough nobody leaves anything, and nothing is counted") {
  Scarcity s;
  CHECK(s.use.quiet(s.now));
  CHECK_FALSE(s.use.took(1, kOne, s.now));
  CHECK(s.kept(kGreedy) == 0);
  CHECK(s.use.tenants() == 0);
}

TEST_CASE("who has its share leaves free what others have not had of theirs") {
  Scarcity s;
  s.both_wait();
  s.uses(kGreedy, 49);
  CHECK(s.kept(kGreedy) == 0);
  s.uses(kGreedy, 1);
  CHECK(s.kept(kGreedy) == 50);
  s.uses(kModest, 20);
  CHECK(s.kept(kGreedy) == 30);
  CHECK(s.kept(kModest) == 0);
}

TEST_CASE("shares go by weight") {
  Scarcity s;
  const Claimant heavy{1, 3}, light{2, 1};
  s.use.fell_short(heavy, false, s.now);
  s.use.fell_short(light, false, s.now);
  s.uses(heavy, 75);
  CHECK(s.kept(heavy) == 25);
  s.uses(light, 25);
  CHECK(s.kept(light) == 0);
  CHECK(s.kept(heavy) == 0);
}

TEST_CASE("who was never short of anything claims a little more than it used, not its whole share") {
  Scarcity s;
  s.both_wait();
  s.now += 61s;
  s.use.fell_short(kGreedy, true, s.now);
  s.use.keep(kModest, kOne, kLimits, s.now);
  s.uses(kModest, 20);
  s.uses(kGreedy, 60);
  CHECK(s.kept(kGreedy) == 5);  // 1.1 x 20 + a twentieth of 50, less 20
}

TEST_CASE("calls at a time are shared like windows, by the most that there were") {
  Scarcity s;
  s.both_wait();
  s.now += 61s;
  s.use.fell_short(kGreedy, true, s.now);
  s.use.keep(kModest, kOne, kLimits, s.now);
  s.uses(kModest, 2, false);
  for (int i = 0; i < 2; ++i) s.use.ended(kModest.who, kOne, {1}, s.now);
  s.uses(kGreedy, 6, false);
  CHECK(s.kept(kGreedy, FairUse::kConcurrency) == 3);  // 1.1 x 2 + 0.25
}

TEST_CASE("what was used is forgotten after a minute, and who asks no more has no claim") {
  Scarcity s;
  s.both_wait();
  s.uses(kGreedy, 60);
  CHECK(s.kept(kGreedy) == 50);
  s.now += 30s;
  s.use.fell_short(kGreedy, true, s.now);
  CHECK(s.kept(kGreedy) == 50);
  s.now += 31s;
  CHECK(s.kept(kGreedy) == 0);  // its own minute is over
  s.uses(kGreedy, 60);
  CHECK(s.kept(kGreedy) == 0);  // and the other has not been seen for as long
}

TEST_CASE("one call, however large, is within the share of who has nothing") {
  Scarcity s;
  s.both_wait();
  const FairUse::Amounts large{90, 0, 0, 0, 1};
  CHECK(s.use.keep(kGreedy, large, kLimits, s.now)[0] == 0);
}

TEST_CASE("those beyond the most that are told apart are bound by nothing") {
  Scarcity s;
  for (std::uint64_t who = 1; who <= FairUse::kMost; ++who) s.use.fell_short({who}, false, s.now);
  CHECK(s.use.keep({9999}, kOne, kLimits, s.now) == FairUse::Amounts{});
  CHECK_FALSE(s.use.took(9999, kOne, s.now));
  s.now += 61s;
  s.use.fell_short({9999}, false, s.now);
  CHECK(s.use.tenants() == 1);
}
