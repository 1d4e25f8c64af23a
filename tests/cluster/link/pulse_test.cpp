#include "cluster/link/pulse.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::link;
using namespace std::chrono_literals;

namespace {
constexpr Time kStart{1h};
}

TEST_CASE("a ping is due at once and then each heartbeat") {
  Pulse pulse({500ms, 3s}, kStart);
  CHECK(pulse.ping_due(kStart));
  CHECK_FALSE(pulse.ping_due(kStart + 499ms));
  CHECK(pulse.ping_due(kStart + 500ms));
  CHECK_FALSE(pulse.ping_due(kStart + 900ms));
}

TEST_CASE("silence is three seconds without a byte; two heartbeats are quiet") {
  Pulse pulse({500ms, 3s}, kStart);
  CHECK_FALSE(pulse.quiet(kStart + 999ms));
  CHECK(pulse.quiet(kStart + 1s));
  CHECK_FALSE(pulse.silent(kStart + 2999ms));
  CHECK(pulse.silent(kStart + 3s));
  pulse.heard(kStart + 2s);
  CHECK_FALSE(pulse.silent(kStart + 4999ms));
  CHECK(pulse.silent(kStart + 5s));
}

TEST_CASE("the round trip is the first sample, then smoothed by an eighth") {
  Pulse pulse({500ms, 3s}, kStart);
  CHECK_FALSE(pulse.round_trip());
  pulse.ping_due(kStart);
  pulse.pong(kStart, kStart + 80ms);
  CHECK(pulse.round_trip() == 80ms);
  pulse.ping_due(kStart + 500ms);
  pulse.pong(kStart + 500ms, kStart + 500ms + 160ms);
  CHECK(pulse.round_trip() == 90ms);
  CHECK(pulse.round_trip_max(kStart + 1s) == 160ms);
}

TEST_CASE("answers to pings that were never sent change nothing") {
  Pulse pulse({500ms, 3s}, kStart);
  pulse.pong(kStart, kStart + 1s);
  pulse.ping_due(kStart + 1s);
  pulse.pong(kStart, kStart + 1s);
  pulse.pong(kStart + 2s, kStart + 2s);
  pulse.pong(Time(Duration(-1)), kStart + 2s);
  CHECK_FALSE(pulse.round_trip());
}

TEST_CASE("the longest round trip is forgotten after one to two minutes") {
  Pulse pulse({500ms, 3s}, kStart);
  pulse.ping_due(kStart);
  pulse.pong(kStart, kStart + 900ms);
  pulse.ping_due(kStart + 61s);
  pulse.pong(kStart + 61s, kStart + 61s + 10ms);
  CHECK(pulse.round_trip_max(kStart + 61s) == 900ms);
  CHECK(pulse.round_trip_max(kStart + 122s) == 10ms);
  CHECK(pulse.round_trip_max(kStart + 10min) == 0ms);
}
