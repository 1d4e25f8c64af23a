#include "actors/policy/rate_window.hpp"

#include <map>
#include <tuple>
#include <vector>

#include "core/random.hpp"
#include "tests/policy/property.hpp"
#include "tests/policy/provider_log.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using policy::RateWindow;
using policy::WindowTruth;
using testing::ProviderLog;

namespace {

constexpr Duration kMinute = 60s;
const Time kStart{100h};

/// Wait before the call, way to the provider, way back (all in ms), what it really uses of its estimate (%).
using Call = std::tuple<int, int, int, int>;

struct Flight {
  std::int64_t reserved, used;
};

/// Plays `calls` of `estimate` units each against the window and tells what the provider saw.
ProviderLog play(RateWindow window, const std::vector<Call>& calls, std::int64_t estimate) {
  ProviderLog provider;
  std::multimap<Time, Flight> flights;  // by settlement
  Time now = kStart;
  for (const auto& [gap, there, back, percent] : calls) {
    now += std::chrono::milliseconds(gap);
    while (!flights.empty() && flights.begin()->first <= now) {
      const auto [at, flight] = *flights.begin();
      window.settle(flight.reserved, flight.used, at, at);
      flights.erase(flights.begin());
    }
    if (!window.admit(estimate, now)) continue;
    const auto used = estimate * percent / 100;
    const Time arrival = now + std::chrono::milliseconds(there);
    provider.saw(arrival, used);
    flights.emplace(arrival + std::chrono::milliseconds(back), Flight{estimate, used});
  }
  return provider;
}

rc::Gen<std::vector<Call>> calls(int longest_gap, int least_percent) {
  using rc::gen::inRange;
  return rc::gen::resize(
      400, rc::gen::container<std::vector<Call>>(rc::gen::tuple(
               inRange(0, longest_gap), inRange(0, 5000), inRange(0, 20000), inRange(least_percent, 101))));
}

std::vector<Call> busy_hour(int slowest) {
  Random random(7);
  std::vector<Call> calls;
  for (int i = 0; i < 100'000; ++i) {
    const auto delay = [&](int most) {
      return static_cast<int>(random.below(static_cast<std::uint64_t>(most)));
    };
    calls.emplace_back(delay(72), delay(slowest), delay(slowest), 100);
  }
  return calls;
}

}  // namespace

TEST_CASE("no rolling minute at the provider has more requests than the limit") {
  testing::holds(
      [] {
        const int limit = *rc::gen::inRange(1, 30);
        const auto seen = play(RateWindow(kMinute, limit), *calls(1500, 100), 1).most_in(kMinute);
        RC_ASSERT(seen <= limit);
      },
      300);
}

TEST_CASE("no rolling minute at the provider has more tokens than the limit") {
  testing::holds(
      [] {
        const int estimate = *rc::gen::inRange(1, 400);
        const auto seen = play(RateWindow(kMinute, 3000), *calls(1500, 0), estimate).most_in(kMinute);
        RC_ASSERT(seen <= 3000);
      },
      300);
}

TEST_CASE("without a guard a window still holds for half-open minutes") {
  testing::holds(
      [] {
        const int limit = *rc::gen::inRange(1, 30);
        const auto seen = play(RateWindow(kMinute, limit, 0s), *calls(1500, 100), 1).most_in(kMinute - 1ns);
        RC_ASSERT(seen <= limit);
      },
      300);
}

TEST_CASE("what shares a bucket leaves with the newest of it") {
  RateWindow window(kMinute, 2, 0s);
  for (const auto at : {kStart, kStart + 200ms}) {
    REQUIRE(window.admit(1, at));
    window.settle(1, 1, at, at);
  }
  CHECK(window.entries() == 1);
  CHECK(window.earliest(1, kStart + 1s) == kStart + 60s + 200ms);
}

TEST_CASE("a busy hour of coarse buckets stays within the limit and uses nearly all of it") {
  const auto seen = play(RateWindow(kMinute, 500), busy_hour(200), 1);
  CHECK(seen.most_in(kMinute) <= 500);
  CHECK(seen.most_in(kMinute) >= 490);
}

TEST_CASE("the oracle notices a window that forgets too early") {
  const auto seen = play(RateWindow(kMinute, 500, -3s), busy_hour(200), 1);
  CHECK(seen.most_in(kMinute) > 500);
}

TEST_CASE("a busy hour leaves a bounded number of entries") {
  RateWindow window(kMinute, 0);
  Random random(3);
  Time now = kStart;
  std::size_t most = 0;
  for (int i = 0; i < 50'000; ++i) {
    now += std::chrono::milliseconds(random.below(10));
    window.reserve(1);
    window.settle(1, 1, now - std::chrono::milliseconds(random.below(5000)), now);
    most = std::max(most, window.entries());
  }
  CHECK(most <= 260);
}

TEST_CASE("the earliest time is the first at which the amount fits") {
  testing::holds([] {
    RateWindow window(kMinute, 20);
    Time now = kStart;
    for (const int gap : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6000))) {
      now += std::chrono::milliseconds(gap);
      if (window.admit(2, now)) window.settle(2, 2, now, now);
    }
    const std::int64_t amount = *rc::gen::inRange(1, 21);
    const Time at = window.earliest(amount, now);
    RC_ASSERT(at >= now);
    if (at > now) RC_ASSERT_FALSE(RateWindow(window).fits(amount, at - 1ns));
    RC_ASSERT(window.fits(amount, at));
  });
}

TEST_CASE("a key that spent its minute is admitted again when the minute and the guard have passed") {
  RateWindow window(kMinute, 1, 1s);
  REQUIRE(window.admit(1, kStart));
  window.settle(1, 1, kStart + 2s, kStart + 2s);
  CHECK(window.earliest(1, kStart + 3s) == kStart + 63s);
  CHECK_FALSE(window.admit(1, kStart + 63s - 1ns));
  CHECK(window.admit(1, kStart + 63s));
}

TEST_CASE("more than the limit never fits") {
  CHECK(RateWindow(kMinute, 10).earliest(11, kStart) == kNever);
}

TEST_CASE("without a limit everything fits") {
  CHECK(RateWindow(kMinute, 0).admit(1'000'000'000, kStart));
}

TEST_CASE("what is given back fits again at once") {
  RateWindow window(kMinute, 1);
  REQUIRE(window.admit(1, kStart));
  CHECK(window.held_back(1, kStart));
  window.give_back(1);
  CHECK(window.admit(1, kStart));
}

TEST_CASE("tokens that were not used are free at once, and tokens above the estimate block until they left") {
  RateWindow window(kMinute, 100, 0s);
  REQUIRE(window.admit(80, kStart));
  window.settle(80, 10, kStart, kStart);
  CHECK(window.available(kStart) == 90);
  REQUIRE(window.admit(90, kStart));
  window.settle(90, 150, kStart + 1s, kStart + 1s);
  CHECK(window.available(kStart + 1s) == 0);
  CHECK(window.earliest(1, kStart + 1s) == kStart + 61s);
}

TEST_CASE("a lower limit at reload counts what was used before") {
  RateWindow window(kMinute, 10, 0s);
  for (int i = 0; i < 5; ++i) window.admit(1, kStart);
  window.settle(5, 5, kStart, kStart);
  window.set_limit(5);
  CHECK(window.earliest(1, kStart) == kStart + 60s);
  window.set_limit(6);
  CHECK(window.fits(1, kStart));
}

TEST_CASE("a provider's lower limit applies and a higher one does not") {
  RateWindow window(kMinute, 10);
  window.learn({.limit = 4, .remaining = {}, .reset = {}}, kStart);
  CHECK(window.limit() == 4);
  window.learn({.limit = 400, .remaining = {}, .reset = {}}, kStart);
  CHECK(window.limit() == 10);
}

TEST_CASE("a provider that counts more than we do is believed until its reset") {
  RateWindow window(kMinute, 10);
  window.learn({.limit = {}, .remaining = 3, .reset = 20s}, kStart);
  CHECK(window.available(kStart) == 3);
  CHECK(window.earliest(4, kStart) == kStart + 20s);
  CHECK(window.available(kStart + 20s) == 10);
  window.learn({.limit = {}, .remaining = 9000, .reset = 20s}, kStart);
  CHECK(window.available(kStart) == 10);
}

TEST_CASE("an unlimited window is closed only by a provider that has nothing left") {
  RateWindow window(kMinute, 0);
  window.learn({.limit = 100, .remaining = 1, .reset = 9s}, kStart);
  CHECK(window.fits(1, kStart));
  window.learn({.limit = 100, .remaining = 0, .reset = 9s}, kStart);
  CHECK(window.earliest(1, kStart) == kStart + 9s);
}

TEST_CASE("a closed window admits nothing before its time, and a shorter closing does not open it") {
  RateWindow window(kMinute, 10);
  window.close_until(kStart + 30s);
  window.close_until(kStart + 10s);
  CHECK(window.earliest(1, kStart) == kStart + 30s);
  CHECK(window.headroom(kStart) == 0);
  window.forget_provider();
  CHECK(window.fits(1, kStart));
}

TEST_CASE("a view tells limit, use, reservation and reset") {
  RateWindow window(kMinute, 10, 0s);
  window.admit(3, kStart);
  window.admit(2, kStart);
  window.settle(3, 3, kStart, kStart);
  const auto view = window.view("rpm", kStart);
  CHECK(view.name == "rpm");
  CHECK(view.limit == 10);
  CHECK(view.used == 3);
  CHECK(view.reserved == 2);
  CHECK(view.resets == kStart + 60s);
  CHECK(window.headroom(kStart) == Approx(0.5));
}
