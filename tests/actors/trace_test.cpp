#include "actors/trace.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace std::chrono_literals;

namespace {
struct Acquire {};
constexpr Time kBirth{1h};
}  // namespace

TEST_CASE("a trace counts every message and times one in sixteen") {
  Trace trace(kBirth);
  int timed = 0;
  for (int i = 0; i < 160; ++i) timed += trace.count(&typeid(Acquire));
  CHECK(trace.messages() == 160);
  CHECK(timed == 10);
  CHECK(trace.last_message() == "Acquire");
}

TEST_CASE("a steady rate is reported as it is, whether the actor is old or young") {
  for (const int seconds : {5, 30, 600}) {
    Trace trace(kBirth);
    Time now = kBirth;
    for (int s = 0; s < seconds; ++s) {
      for (int i = 0; i < 160; ++i) {
        if (trace.count(&typeid(Acquire))) trace.sample(1ms, 0, now);
      }
      now += 1s;
    }
    CHECK(trace.rate(now) == Approx(160).epsilon(0.1));
    CHECK(trace.busy_percent(now) == Approx(16).epsilon(0.1));
  }
}

TEST_CASE("a rate fades when nothing happens, and the longest mailbox is kept") {
  Trace trace(kBirth);
  for (int i = 0; i < 1600; ++i) {
    if (trace.count(&typeid(Acquire))) trace.sample(1us, 40, kBirth + 10s);
  }
  const double soon = trace.rate(kBirth + 60s);
  CHECK(trace.rate(kBirth + 300s) < soon / 10);
  CHECK(trace.mailbox_max() == 40);
  CHECK(trace.age_seconds(kBirth + 300s) == Approx(300));
}

TEST_CASE("an actor that has heard nothing has no last message") {
  CHECK(Trace(kBirth).last_message().empty());
}
