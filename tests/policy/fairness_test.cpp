// One tenant offers ten times its share: what the other notices. The line and the key as they are in the
// product, a session in twenty lines, a clock that the test moves.
#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "actors/policy/key_state.hpp"
#include "actors/policy/waiting_line.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using namespace troupe::policy;

namespace {

constexpr Duration kStep = 4ms, kPatience = 5s, kWarm = 130s, kMeasured = 300s;

struct Load {
  std::string tenant;
  double per_second = 0;
  double weight = 1;
  config::RequestClass priority = config::RequestClass::standard;
};

struct Outcome {
  int done = 0, refused = 0;
  std::vector<double> ms;  ///< from arrival to the end of the answer
  double p99() {
    std::sort(ms.begin(), ms.end());
    return ms.empty() ? 0 : ms[ms.size() * 99 / 100];
  }
};

class World {
 public:
  World(config::Limits limits, Duration takes, std::vector<Load> loads)
      : key_(limits, config::Breaker{}), takes_(takes), loads_(std::move(loads)) {}

  std::map<std::string, Outcome> run() {
    std::vector<Time> next(loads_.size(), now_);
    while (now_ < kStart + kWarm + kMeasured) {
      now_ += kStep;
      end_calls();
      for (std::size_t i = 0; i < loads_.size(); ++i) {
        for (; next[i] <= now_; next[i] += gap(loads_[i])) arrive(loads_[i]);
      }
      while (const auto id = line_.call()) ask(*id);
      ask_again();
    }
    return outcomes_;
  }

 private:
  static constexpr Time kStart{100h};
  struct Waiting {
    const Load* load;
    Time arrived, next = kNever;
    bool joined = false;
  };

  /// Half to one and a half of the mean, evenly.
  Duration gap(const Load& load) {
    return Duration(static_cast<std::int64_t>((0.5 + random_.unit()) * 1e9 / load.per_second));
  }
  bool measured(Time arrived) const { return arrived >= kStart + kWarm; }

  void arrive(const Load& load) {
    const auto id = ++last_;
    waiting_.emplace(id, Waiting{&load, now_});
    if (line_.empty() ? ask(id) : false) return;
    auto& mine = waiting_.at(id);
    const auto joined = line_.join({id, load.priority, load.tenant, load.weight, kTokens});
    mine.joined = joined.in;
    mine.next = kNever;
    if (joined.out) refuse(*joined.out);
    if (!joined.in) refuse(id);
  }

  /// True when it was granted.
  bool ask(std::uint64_t id) {
    auto& mine = waiting_.at(id);
    const AcquireAsk what{{kTokens / 2},
                          {kTokens / 2},
                          false,
                          {std::hash<std::string>{}(mine.load->tenant), mine.load->weight}};
    const auto answer = key_.acquire(what, now_, random_);
    if (const auto* refusal = std::get_if<KeyRefusal>(&answer)) {
      mine.next = std::min(refusal->retry_at, mine.arrived + kPatience);
      if (refusal->kept_for != KeptFor::nobody) line_.step_aside(id);
      return false;
    }
    calls_.emplace(now_ + takes_, std::get<Grant>(answer).permit);
    auto& outcome = outcomes_[mine.load->tenant];
    if (measured(mine.arrived)) {
      ++outcome.done;
      outcome.ms.push_back(static_cast<double>((now_ + takes_ - mine.arrived).count()) / 1e6);
    }
    if (mine.joined) line_.leave(id, true);
    waiting_.erase(id);
    return true;
  }

  void ask_again() {
    std::vector<std::uint64_t> due, late;
    for (const auto& [id, one] : waiting_) {
      if (one.arrived + kPatience <= now_)
        late.push_back(id);
      else if (one.next <= now_)
        due.push_back(id);
    }
    for (const auto id : late) {
      line_.leave(id, false);
      refuse(id);
    }
    for (const auto id : due) ask(id);
  }

  void refuse(std::uint64_t id) {
    const auto& one = waiting_.at(id);
    if (measured(one.arrived)) ++outcomes_[one.load->tenant].refused;
    waiting_.erase(id);
  }

  void end_calls() {
    while (!calls_.empty() && calls_.begin()->first <= now_) {
      Settled settled;
      settled.permit = calls_.begin()->second;
      settled.usage.input = {kTokens / 2};
      settled.usage.output = {kTokens / 2};
      settled.first_token = takes_ / 2;
      settled.total = takes_;
      key_.settle(settled, now_, random_);
      calls_.erase(calls_.begin());
    }
  }

  static constexpr std::int64_t kTokens = 1000;
  KeyState key_;
  WaitingLine line_{100};
  Duration takes_;
  std::vector<Load> loads_;
  Random random_{7};
  Time now_ = kStart;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, Waiting> waiting_;
  std::multimap<Time, PermitId> calls_;
  std::map<std::string, Outcome> outcomes_;
};

struct Scene {
  const char* what;
  config::Limits limits;
  Duration takes;
  double share;  ///< requests per second of each of two equal tenants
};

}  // namespace

TEST_CASE("a tenant within its share notices nothing of one that offers ten times its own") {
  const Scene scenes[] = {{"requests per minute", {.rpm = 600}, 400ms, 5},
                          {"tokens per minute", {.tpm = 600'000}, 400ms, 5},
                          {"calls at a time", {.concurrency = 16}, 800ms, 10},
                          {"long calls at a time", {.concurrency = 16}, 8s, 1}};
  for (const auto& scene : scenes) {
    const Load modest{"modest", scene.share * 0.8}, greedy{"greedy", scene.share * 10};
    auto alone = World(scene.limits, scene.takes, {modest}).run()["modest"];
    auto both = World(scene.limits, scene.takes, {modest, greedy}).run();
    auto& beside = both["modest"];
    UNSCOPED_INFO(fmt::format("{}: alone {} in {:.0f} ms, beside {} in {:.0f} ms and {} refused; greedy {}",
                              scene.what, alone.done, alone.p99(), beside.done, beside.p99(), beside.refused,
                              both["greedy"].done));
    CHECK(beside.done >= alone.done * 0.9);
    CHECK(beside.p99() <= alone.p99() * 1.1);
    CHECK(beside.refused == 0);
    const double capacity = 2 * scene.share * 300;  // of the time that is measured
    CHECK(both["greedy"].done + beside.done >= capacity * 0.85);
  }
}

TEST_CASE("two tenants that both want more than there is get it by weight") {
  auto both = World({.rpm = 600}, 400ms, {{"light", 30, 1}, {"heavy", 30, 3}}).run();
  const double ratio = static_cast<double>(both["heavy"].done) / std::max(1, both["light"].done);
  CHECK(ratio > 2.5);
  CHECK(ratio < 3.5);
  CHECK(both["heavy"].done + both["light"].done >= 2700);
}
