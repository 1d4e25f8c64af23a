#include "gateway/cloud/renewal.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::cloud {
namespace {

const Time kStart{1000h};

Renewal fetched(Duration life) {
  Renewal renewal;
  renewal.began();
  renewal.got(kStart + life, kStart);
  return renewal;
}

}  // namespace

TEST_CASE("the first fetch is due at once, and only one is under way") {
  Renewal renewal;
  CHECK(renewal.due(kStart));
  CHECK_FALSE(renewal.good(kStart));
  renewal.began();
  CHECK_FALSE(renewal.due(kStart + 1h));
  CHECK(renewal.at() == kNever);
}

TEST_CASE("what was fetched is renewed five minutes before its end, and good until then") {
  const auto renewal = fetched(1h);
  CHECK_FALSE(renewal.due(kStart + 55min - 1ns));
  CHECK(renewal.due(kStart + 55min));
  CHECK(renewal.good(kStart + 1h - 1ns));
  CHECK_FALSE(renewal.good(kStart + 1h));
}

TEST_CASE("a short life is renewed after three quarters of it") {
  const auto renewal = fetched(4min);
  CHECK(renewal.at() == kStart + 3min);
}

TEST_CASE("what does not expire is never renewed") {
  Renewal renewal;
  renewal.began();
  renewal.got(kNever, kStart);
  CHECK(renewal.good(kStart + 10000h));
  CHECK_FALSE(renewal.due(kStart + 10000h));
}

TEST_CASE("failures are repeated after one second, then two, up to a minute, while the old one stays good") {
  auto renewal = fetched(1h);
  Time now = kStart + 55min;
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    renewal.began();
    renewal.failed(now);
    CHECK(renewal.at() == now + pause);
    now += pause;
  }
  CHECK(renewal.good(kStart + 59min));
  renewal.began();
  renewal.got(now + 1h, now);
  renewal.began();
  renewal.failed(now);
  CHECK(renewal.at() == now + 1s);
}

TEST_CASE("a rejection renews at once, but once a minute only") {
  auto renewal = fetched(1h);
  CHECK(renewal.rejected(kStart + 1min));
  CHECK_FALSE(renewal.good(kStart + 1min));
  CHECK(renewal.due(kStart + 1min));
  renewal.began();
  renewal.got(kStart + 2h, kStart + 1min);
  CHECK_FALSE(renewal.rejected(kStart + 2min - 1ns));
  CHECK(renewal.good(kStart + 2min));
  CHECK(renewal.rejected(kStart + 2min));
}

}  // namespace troupe::cloud
