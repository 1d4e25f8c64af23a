#include "actors/policy/pick.hpp"

#include <array>
#include <map>
#include <vector>

#include "tests/policy/property.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using namespace troupe::policy;
using config::Strategy;

namespace {

const Time kStart{100h};

struct Bench {
  explicit Bench(std::size_t count) : candidates(count), scores(count) {
    for (std::size_t i = 0; i < count; ++i) candidates[i].identity = i + 1;
  }
  std::vector<Candidate> candidates;
  std::vector<Score> scores;
  PickAsk ask;
  Random random{1};

  std::optional<std::size_t> pick() { return policy::pick(ask, candidates, scores, kStart, random); }
  /// How often each is chosen of a thousand.
  std::vector<int> thousand(Strategy strategy) {
    ask.strategy = strategy;
    std::vector<int> chosen(candidates.size());
    for (int i = 0; i < 1000; ++i) ++chosen[*pick()];
    return chosen;
  }
};

}  // namespace

TEST_CASE("priority takes the first that is available") {
  Bench b(3);
  b.ask.strategy = Strategy::priority;
  CHECK(b.pick() == 0u);
  b.candidates[0].gauge.not_before = kStart + 1s;
  CHECK(b.pick() == 1u);
  CHECK(b.scores[0].rejected == Rejection::no_capacity);
}

TEST_CASE("weighted shares by weight, adapted and ramped") {
  Bench b(3);
  b.candidates[0].weight = 4;
  b.candidates[1].adaptive_weight = 2;
  b.candidates[1].gauge.weight_factor = 0.5;
  const auto chosen = b.thousand(Strategy::weighted);
  CHECK(chosen[0] > 600);
  CHECK(chosen[1] > 110);
  CHECK(chosen[2] > 110);
}

TEST_CASE("headroom shares by what is left times weight") {
  Bench b(2);
  b.candidates[0].gauge.headroom = 0.25;
  b.candidates[1].gauge.headroom = 0.75;
  const auto chosen = b.thousand(Strategy::headroom);
  CHECK(chosen[1] > 690);
  CHECK(chosen[1] < 810);
}

TEST_CASE("least latency prefers the faster of two, and explores an unknown one first") {
  Bench b(3);
  b.candidates[0].gauge.first_token_peak_ms = 900;
  b.candidates[1].gauge.first_token_peak_ms = 100;
  b.candidates[2].gauge.first_token_peak_ms = 500;
  const auto chosen = b.thousand(Strategy::least_latency);
  CHECK(chosen[0] == 0);
  CHECK(chosen[1] > chosen[2]);
  b.candidates[2].gauge.first_token_peak_ms.reset();
  CHECK(b.pick() == 2u);
  b.candidates[2].gauge.in_flight = 1;  // under exploration: not everyone at once
  CHECK(b.thousand(Strategy::least_latency)[1] > 400);
}

TEST_CASE("least latency spreads calls under way") {
  Bench b(2);
  for (auto& c : b.candidates) c.gauge.first_token_peak_ms = 100;
  b.candidates[0].gauge.in_flight = 5;
  CHECK(b.thousand(Strategy::least_latency)[1] == 1000);
}

TEST_CASE("least busy counts calls under way per weight, and equals share") {
  Bench b(3);
  b.candidates[0].gauge.in_flight = 4;
  b.candidates[0].weight = 4;
  b.candidates[1].gauge.in_flight = 2;
  b.candidates[2].gauge.in_flight = 1;
  const auto chosen = b.thousand(Strategy::least_busy);
  CHECK(chosen[0] > 700);
  CHECK(chosen[1] == 0);
  CHECK(chosen[2] > 100);
}

TEST_CASE("cheapest takes the lowest price, an unknown one last") {
  Bench b(3);
  b.candidates[1].cost = Money{5};
  b.candidates[2].cost = Money{3};
  b.ask.strategy = Strategy::cheapest;
  CHECK(b.pick() == 2u);
  b.candidates[2].rejected = Rejection::tried;
  CHECK(b.pick() == 1u);
  b.candidates[1].rejected = Rejection::tried;
  CHECK(b.pick() == 0u);
}

TEST_CASE("keys of one price share by their room") {
  Bench b(2);
  for (auto& c : b.candidates) c.cost = Money{3};
  const auto chosen = b.thousand(Strategy::cheapest);
  CHECK(chosen[0] > 400);
  CHECK(chosen[1] > 400);
}

TEST_CASE("sticky stays while its endpoint is there, and moves only what it must when one goes") {
  Bench b(4);
  b.ask.strategy = Strategy::sticky;
  std::map<std::uint64_t, std::size_t> before;
  for (std::uint64_t id = 1; id <= 400; ++id) {
    b.ask.sticky = id;
    before[id] = *b.pick();
    CHECK(b.pick() == before[id]);
  }
  b.candidates[2].rejected = Rejection::tried;
  int moved = 0;
  for (const auto& [id, was] : before) {
    b.ask.sticky = id;
    const auto now = *b.pick();
    CHECK((now == was || was == 2));
    moved += now != was ? 1 : 0;
  }
  CHECK(moved > 50);
  CHECK(moved < 150);
}

TEST_CASE("of callers that stick, each endpoint has as many as its weight says") {
  Bench b(2);
  b.ask.strategy = Strategy::sticky;
  b.candidates[0].weight = 3;
  int first = 0;
  for (std::uint64_t id = 1; id <= 1000; ++id) {
    b.ask.sticky = id;
    if (*b.pick() == 0) ++first;
  }
  CHECK(first > 700);
  CHECK(first < 800);
}

TEST_CASE("a higher tier is used only when no lower one is available") {
  Bench b(3);
  b.candidates[0].tier = 2;
  b.candidates[2].tier = 3;
  CHECK(b.pick() == 1u);
  CHECK(b.scores[0].rejected == Rejection::higher_tier);
  b.candidates[1].gauge.not_before = kStart + 1s;
  CHECK(b.pick() == 0u);
}

TEST_CASE("every rejection has its reason") {
  Bench b(9);
  auto& c = b.candidates;
  b.ask.input = {100};
  b.ask.max_cost = Money{10};
  b.ask.max_latency = 1s;
  for (auto& one : c) one.cost = Money{10};
  c[0].rejected = Rejection::pinned_elsewhere;
  c[1].context_window = 99;
  c[2].cost = Money{11};
  c[3].cost.reset();
  c[4].gauge.first_token_ms = 1001;
  c[5].gauge.phase = BreakerPhase::open;
  c[5].gauge.not_before = kStart + 1s;
  c[6].gauge.phase = BreakerPhase::dead;
  c[7].gauge.not_before = kStart + 1s;
  CHECK(b.pick() == 8u);
  const std::array expected{Rejection::pinned_elsewhere,
                            Rejection::context_window,
                            Rejection::over_cost,
                            Rejection::cost_unknown,
                            Rejection::too_slow,
                            Rejection::breaker_open,
                            Rejection::dead,
                            Rejection::no_capacity,
                            Rejection::none};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(b.scores[i].rejected == expected[i]);
    CHECK(name(expected[i]).empty() == (expected[i] == Rejection::none));
  }
}

TEST_CASE("an old gauge of a cooled-down or refilled key does not keep it out") {
  Bench b(1);
  b.candidates[0].gauge.phase = BreakerPhase::open;
  b.candidates[0].gauge.weight_factor = 0;
  b.candidates[0].gauge.headroom = 0;
  b.candidates[0].gauge.not_before = kStart;
  CHECK(b.pick() == 0u);
}

TEST_CASE("when all are open the least bad is the one that cools down first, a dead one last") {
  Bench b(3);
  for (auto& c : b.candidates) c.gauge.phase = BreakerPhase::open;
  b.candidates[0].gauge.phase = BreakerPhase::dead;
  b.candidates[0].gauge.not_before = kNever;
  b.candidates[1].gauge.not_before = kStart + 9s;
  b.candidates[2].gauge.not_before = kStart + 4s;
  CHECK_FALSE(b.pick());
  CHECK(pick_least_bad(b.candidates, b.scores) == 2u);
  const auto why = why_none(b.candidates, b.scores);
  CHECK(why.fault == Fault::troupe_all_open);
  CHECK(why.retry_at == kStart + 4s);
}

TEST_CASE("nothing found is explained by what is nearest to help") {
  struct Row {
    Rejection rejected;
    Fault fault;
  };
  for (const Row row : {Row{Rejection::no_capacity, Fault::troupe_no_capacity},
                        Row{Rejection::over_cost, Fault::policy_over_cost},
                        Row{Rejection::context_window, Fault::caller_context_too_long},
                        Row{Rejection::pinned_elsewhere, Fault::policy_no_target}}) {
    Bench b(1);
    b.candidates[0].rejected = row.rejected;
    CHECK_FALSE(b.pick());
    CHECK(why_none(b.candidates, b.scores).fault == row.fault);
  }
  CHECK(why_none({}, {}).fault == Fault::policy_no_target);
}

TEST_CASE("no strategy ever picks what is rejected, and none gives up while one is available") {
  testing::holds(
      [] {
        using rc::gen::inRange;
        Bench b(*inRange<std::size_t>(0, 10));
        b.random = Random(*rc::gen::arbitrary<std::uint64_t>());
        b.ask.strategy = static_cast<Strategy>(*inRange(0, 7));
        b.ask.sticky = *inRange<std::uint64_t>(0, 3);
        bool any = false;
        for (auto& c : b.candidates) {
          c.tier = *inRange(1, 4);
          c.weight = *inRange(0, 4);
          c.gauge.headroom = *inRange(0, 3) / 2.0;
          c.gauge.in_flight = *inRange(0, 4);
          if (*inRange(0, 2)) c.gauge.first_token_peak_ms = *inRange(1, 1000);
          if (*inRange(0, 2)) c.cost = Money{*inRange(0, 3)};
          if (*inRange(0, 2)) c.rejected = Rejection::tried;
          if (*inRange(0, 3) == 0) c.gauge.not_before = kStart + 1s;
          any |= c.rejected == Rejection::none && c.gauge.not_before <= kStart;
        }
        const auto chosen = b.pick();
        RC_ASSERT(chosen.has_value() == any);
        if (chosen) RC_ASSERT(b.scores[*chosen].rejected == Rejection::none);
      },
      500);
}
