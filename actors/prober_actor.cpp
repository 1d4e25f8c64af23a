#include "actors/prober_actor.hpp"

#include <caf/actor_system.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "actors/policy/probe_schedule.hpp"
#include "actors/scheduler.hpp"
#include "actors/supervisor.hpp"

namespace troupe::actors {
namespace {

using policy::ProbeEnd;

/// Of one input and one output token; unknown prices come last.
double price_of(const Endpoint& endpoint) {
  const auto& price = endpoint.price;
  if (!price.input || !price.output) return 1e9;
  return price.input->dollars() + price.output->dollars();
}

double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

class ProberActor final : public Traced<ProberHandle> {
 public:
  ProberActor(caf::actor_config& config, Cast& cast, std::uint64_t restarts)
      : Traced(config, cast.stage, Role{"prober", "prober", "company", restarts}),
        cast_(cast),
        random_(cast.seed + 1000 + restarts) {}

 protected:
  behavior_type make_behavior() override {
    return {
        [this](const NextProbe&) { return next(now()); },
        [this](const ProbeDone& done) { this->done(done, now()); },
        [this](const Inspect&) { return inspect(); },
    };
  }

  std::string state() override { return settings() ? "running" : "off"; }

  nlohmann::json detail() override {
    auto keys = nlohmann::json::array();
    for (const auto& [key, last] : last_) keys.push_back(told(key, last, now()));
    const auto* on = settings();
    return {{"every_s", on ? nlohmann::json(seconds(on->every)) : nlohmann::json(nullptr)},
            {"idle", on && on->idle},
            {"passed", passed_},
            {"failed", failed_},
            {"skipped", skipped_},
            {"keys", std::move(keys)}};
  }

 private:
  /// How the last probe of a key went.
  struct Last {
    ProbeEnd end = ProbeEnd::skipped;
    std::optional<Fault> fault;
    Time when;
  };

  const config::Probes* settings() {
    look();
    return known_->config->probes ? &*known_->config->probes : nullptr;
  }

  /// Who can be probed, with what, in the revision in force.
  void look() {
    const auto before = known_;
    cast_.refresh(known_);
    if (before == known_) return;
    targets_.assign(known_->keys.size(), nullptr);
    for (const auto& [name, route] : known_->aliases) {
      for (const auto& endpoint : route.endpoints) {
        auto& target = targets_[endpoint->key->index];
        if (!target || price_of(*endpoint) < price_of(*target)) target = endpoint;
      }
    }
  }

  ProbeDue next(Time at) {
    const auto* on = settings();
    if (!on) {
      schedule_.clear();
      return {};
    }
    std::vector<policy::ProbeView> views;
    std::vector<std::size_t> positions;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      if (!targets_[i]) continue;
      const auto& key = *known_->keys[i];
      if (cast_.is_prober && !cast_.is_prober(key.id)) continue;
      const auto gauge = key.cell->gauge.load();
      views.push_back({key.id, gauge.phase == policy::BreakerPhase::closed, gauge.last_call});
      positions.push_back(i);
    }
    const auto due = schedule_.next(*on, views, at, random_);
    return due ? ProbeDue{targets_[positions[*due]], on->prompt} : ProbeDue{};
  }

  void done(const ProbeDone& done, Time at) {
    const auto end = !done.tried ? ProbeEnd::skipped : done.fault ? ProbeEnd::failed : ProbeEnd::passed;
    ++(end == ProbeEnd::skipped ? skipped_ : end == ProbeEnd::failed ? failed_ : passed_);
    last_.insert_or_assign(done.key, Last{end, done.fault, at});
    if (const auto* on = settings()) schedule_.done(*on, done.key, end, at, random_);
  }

  nlohmann::json told(const std::string& key, const Last& last, Time at) const {
    const auto due = schedule_.due(key);
    const auto* end = last.end == ProbeEnd::passed   ? "passed"
                      : last.end == ProbeEnd::failed ? "failed"
                                                     : "skipped";
    return {
        {"key", key},
        {"last", end},
        {"fault", last.fault ? nlohmann::json(troupe::name(*last.fault)) : nlohmann::json(nullptr)},
        {"ago_s", seconds(at - last.when)},
        {"due_s", due ? nlohmann::json(seconds(std::max(Duration{0}, *due - at))) : nlohmann::json(nullptr)}};
  }

  Cast& cast_;
  std::shared_ptr<const Snapshot> known_;
  std::vector<std::shared_ptr<const Endpoint>>
      targets_;  ///< by KeyInfo::index; nullptr: nothing uses the key
  policy::ProbeSchedule schedule_;
  Random random_;
  std::map<std::string, Last> last_;  ///< by key: as many as there ever were
  std::uint64_t passed_ = 0, failed_ = 0, skipped_ = 0;
};

}  // namespace

ProberHandle spawn_prober(caf::actor_system& system, Cast& cast, std::uint64_t restarts) {
  return spawn_traced<ProberActor>(system, cast, restarts);
}

}  // namespace troupe::actors
