#include "actors/policy/evidence.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::policy;
using namespace std::chrono_literals;

namespace {

const Time kStart{100h};

Evidence limit(std::int64_t value) {
  return {About::rpm, value, Findings::kLimitHolds};
}

}  // namespace

TEST_CASE("a burst of the same refusal is told once") {
  Findings findings;
  for (int i = 0; i < 100; ++i) findings.add({About::verdict, 1, Findings::kVerdictHolds}, kStart + i * 10ms);
  CHECK(findings.take() == std::vector<Evidence>{{About::verdict, 1, Findings::kVerdictHolds}});
  CHECK(findings.take().empty());
}

TEST_CASE("a refusal that is seen again much later is told again, so that it does not run out elsewhere") {
  Findings findings;
  findings.add({About::verdict, 1, Findings::kVerdictHolds}, kStart);
  findings.take();
  findings.add({About::verdict, 1, Findings::kVerdictHolds}, kStart + 2min);
  CHECK(findings.take().empty());
  findings.add({About::verdict, 1, Findings::kVerdictHolds}, kStart + 3min);
  CHECK(findings.take().size() == 1);
}

TEST_CASE("a pause that ends later than the one that was told is news, an equal one is not") {
  Findings findings;
  findings.add({About::pause, 1, 5s}, kStart);
  findings.take();
  findings.add({About::pause, 1, 5s}, kStart + 50ms);
  CHECK(findings.take().empty());
  findings.add({About::pause, 1, 5s}, kStart + 200ms);
  CHECK(findings.take() == std::vector<Evidence>{{About::pause, 1, 5s}});
  findings.add({About::pause, 1, 1s}, kStart + 300ms);
  CHECK(findings.take().empty());
}

TEST_CASE("a smaller limit is told at once, a larger one not before a minute has passed") {
  Findings findings;
  findings.add(limit(100), kStart);
  findings.add(limit(50), kStart + 1s);
  CHECK(findings.take() == std::vector<Evidence>{limit(100), limit(50)});
  findings.add(limit(100), kStart + 2s);
  CHECK(findings.take().empty());
  findings.add(limit(100), kStart + 62s);
  CHECK(findings.take() == std::vector<Evidence>{limit(100)});
}

TEST_CASE("what was said and holds is known with its time, until it is over or taken back") {
  Findings findings;
  CHECK_FALSE(findings.said(About::rpm, kStart));
  findings.add(limit(100), kStart);
  CHECK(findings.said(About::rpm, kStart + 1s) == kStart);
  CHECK_FALSE(findings.said(About::rpm, kStart + Findings::kLimitHolds));
  findings.add({About::rpm, 0, {}}, kStart + 2s);
  CHECK_FALSE(findings.said(About::rpm, kStart + 3s));
}

TEST_CASE("no word holds longer than its longest, whatever it says") {
  for (std::size_t i = 0; i < kAbouts; ++i) {
    const auto about = static_cast<About>(i);
    Rumours rumours;
    CHECK(rumours.hear({about, 1, kNever, "b"}, kStart));
    CHECK(rumours.holds(about, kStart + Rumours::longest(about) - 1ns));
    CHECK_FALSE(rumours.holds(about, kStart + Rumours::longest(about)));
  }
}

TEST_CASE("a pause is not shortened by a shorter one of somebody else, but it can be taken back") {
  Rumours rumours;
  rumours.hear({About::pause, 1, kStart + 10s, "b"}, kStart);
  rumours.hear({About::pause, 1, kStart + 2s, "c"}, kStart + 1s);
  CHECK(rumours.holds(About::pause, kStart + 9s));
  CHECK(rumours.hear({About::pause, 0, kStart + 10min, "c"}, kStart + 3s));
  CHECK_FALSE(rumours.holds(About::pause, kStart + 3s));
}

TEST_CASE("what is over is answered once, by what it was about") {
  Rumours rumours;
  rumours.hear({About::breaker, 1, kStart + 5s, "b"}, kStart);
  rumours.hear({About::rpm, 7, kStart + 9s, "b"}, kStart);
  CHECK(rumours.expire(kStart + 4s).empty());
  CHECK(rumours.expire(kStart + 5s) == std::vector<About>{About::breaker});
  CHECK(rumours.expire(kStart + 6s).empty());
  CHECK(rumours.view(kStart + 6s).size() == 1);
}

TEST_CASE("an unbroken row of words keeps the time of the first") {
  Rumours rumours;
  rumours.hear({About::verdict, 1, kStart + 5s, "b"}, kStart);
  rumours.hear({About::verdict, 1, kStart + 8s, "c"}, kStart + 4s);
  CHECK(rumours.of(About::verdict)->since == kStart);
  rumours.hear({About::verdict, 1, kStart + 30s, "c"}, kStart + 20s);
  CHECK(rumours.of(About::verdict)->since == kStart + 20s);
}
