#include "gateway/mock/behaviour.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::mock;

TEST_CASE("the same seed plans the same run") {
  Rules rules;
  rules.behaviour.error_rate = 0.3;
  Random a(7), b(7);
  for (int i = 0; i < 100; ++i) {
    const auto one = plan(rules, a), other = plan(rules, b);
    CHECK(one.act == other.act);
    CHECK(one.first == other.first);
  }
}

TEST_CASE("rates are shares of the calls") {
  Rules rules;
  rules.behaviour.error_rate = 0.2;
  rules.behaviour.cut_rate = 0.1;
  Random random(1);
  int errors = 0, cuts = 0;
  for (int i = 0; i < 10000; ++i) {
    const auto act = plan(rules, random).act;
    errors += act == Act::error;
    cuts += act == Act::cut;
  }
  CHECK(errors == Approx(2000).margin(150));
  CHECK(cuts == Approx(1000).margin(120));
}

TEST_CASE("times stay within a fifth of what was asked") {
  Rules rules;
  rules.behaviour.ttft = std::chrono::milliseconds(100);
  rules.behaviour.tokens_per_second = 100;
  Random random(3);
  for (int i = 0; i < 1000; ++i) {
    const auto one = plan(rules, random);
    CHECK(one.first >= std::chrono::milliseconds(80));
    CHECK(one.first <= std::chrono::milliseconds(120));
    CHECK(one.between <= std::chrono::milliseconds(12));
  }
}

TEST_CASE("no tokens per second means no pacing") {
  Rules rules;
  rules.behaviour.tokens_per_second = 0;
  Random random(3);
  CHECK(plan(rules, random).between == Duration{});
}

TEST_CASE("a model's name can wish for trouble") {
  CHECK(wish_of("error-503")->status == 503);
  CHECK(wish_of("429")->act == Act::rate_limited);
  CHECK(wish_of("error-event")->act == Act::stream_error);
  CHECK(wish_of("stall")->act == Act::stall);
  CHECK_FALSE(wish_of("error-200"));
  CHECK_FALSE(wish_of("error-5xx"));
  CHECK_FALSE(wish_of("small"));
}
