#include "gateway/batch/run.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::batch {
namespace {

constexpr Time kStart = Time(1h);

/// Takes all that may start now.
std::vector<std::size_t> take(Run& run, Time now) {
  std::vector<std::size_t> out;
  while (const auto line = run.next(now)) out.push_back(*line);
  return out;
}

TEST_CASE("lines start in order, without those that a journal says are finished") {
  Run run(5, {0, 3, 3, 99}, 64);
  CHECK(take(run, kStart) == std::vector<std::size_t>{1, 2, 4});
  CHECK(run.left() == 3);
  for (const std::size_t line : {1, 2, 4}) run.answered(line, Fate::good, {}, kStart);
  CHECK(run.finished());
}

TEST_CASE("as long as nothing is refused twice as many run with each round, up to the limit") {
  Run run(1000, {}, 10);
  auto under_way = take(run, kStart);
  CHECK(under_way.size() == 4);
  for (const auto line : under_way) run.answered(line, Fate::good, {}, kStart);
  under_way = take(run, kStart);
  CHECK(under_way.size() == 8);
  for (const auto line : under_way) run.answered(line, Fate::good, {}, kStart);
  CHECK(take(run, kStart).size() == 10);
}

TEST_CASE("refusals halve it once, stop new lines for a moment, and are no failure") {
  Run run(100, {}, 64);
  const auto under_way = take(run, kStart);
  for (const auto line : under_way) run.answered(line, Fate::waits, 2s, kStart);
  CHECK(run.pace().allowed() == 2);
  CHECK(run.left() == 100);
  CHECK(take(run, kStart + Pace::kFirstPause - 1ns).empty());
  // Others go on before those that wait for their own time.
  CHECK(take(run, kStart + Pace::kFirstPause) == std::vector<std::size_t>{4, 5});
  run.answered(4, Fate::good, {}, kStart + 1s);
  run.answered(5, Fate::good, {}, kStart + 1s);
  const auto later = take(run, kStart + 2s);
  REQUIRE(later.size() == 2);
  CHECK(later.front() == 0);
  CHECK(run.broken(0) == 0);
}

TEST_CASE("refusals in a row stop new lines for longer and longer, up to a limit") {
  Pace pace(8);
  Time now = kStart;
  Duration last{0};
  for (int i = 0; i < 12; ++i) {
    pace.refused(now);
    const auto pause = pace.paused_until() - now;
    CHECK(pause >= last);
    last = pause;
    now = pace.paused_until();
  }
  CHECK(last == Pace::kLongestPause);
  CHECK(pace.allowed() == 1);
  CHECK(pace.open(0, now));
  pace.served();
  pace.refused(now);
  CHECK(pace.paused_until() - now == Pace::kFirstPause);
}

TEST_CASE("after a refusal it grows by one a round") {
  Pace pace(64);
  pace.refused(kStart);
  const auto before = pace.allowed();
  pace.served();
  pace.served();
  CHECK(pace.allowed() > before + 0.8);
  CHECK(pace.allowed() < before + 1.01);
}

TEST_CASE("a line without room asks again within a minute, however long it was told to wait") {
  Run run(1, {}, 8);
  REQUIRE(run.next(kStart));
  run.answered(0, Fate::waits, 5h, kStart);
  CHECK_FALSE(run.next(kStart + 59s));
  CHECK(run.next(kStart + 60s));
}

TEST_CASE("a line on which something broke comes back a little later, and is counted") {
  Run run(1, {}, 8);
  REQUIRE(run.next(kStart));
  run.answered(0, Fate::again, {}, kStart);
  CHECK(run.broken(0) == 1);
  CHECK_FALSE(run.next(kStart + 1s));
  REQUIRE(run.next(kStart + 2s));
  run.answered(0, Fate::bad, {}, kStart + 2s);
  CHECK(run.finished());
  CHECK(run.running() == 0);
}

}  // namespace
}  // namespace troupe::batch
