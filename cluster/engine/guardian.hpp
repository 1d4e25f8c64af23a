#pragma once
// Stops this node from admitting on permits while a condition of the guarantee is not true. Internal to
// cluster/engine.
#include <atomic>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cluster/engine/state.hpp"

namespace troupe::cluster {

/// Collects what calls and heartbeats measure, and acts on it. sent() and ended() from any thread; the rest
/// under the engine's mutex.
class Guardian {
 public:
  using Tell = std::function<void(const std::string& kind, const nlohmann::json& what)>;

  explicit Guardian(Duration guard) : guard_(guard) {}

  /// `left` of the guard when the last byte of a call was the kernel's; negative: too late.
  void sent(Duration left) { raise(delay_, (guard_ - left).count()); }
  void ended(Duration took) { raise(longest_, took.count()); }

  /// Each 100 ms.
  bool due(Time now) const;
  /// Suspends the node's permits or gives them back to use, logs and tells what changed.
  void look(State& state, const std::vector<link::PeerStats>& peers, Time now, const Tell& tell);

 private:
  static void raise(std::atomic<Duration::rep>& most, Duration::rep value) {
    auto before = most.load(std::memory_order_relaxed);
    while (before < value && !most.compare_exchange_weak(before, value, std::memory_order_relaxed)) {
    }
  }
  void measure(Conditions& conditions, const std::vector<link::PeerStats>& peers, Time now);

  Duration guard_;
  std::atomic<Duration::rep> delay_{0}, longest_{0};
  Time looked_ = kLongAgo;
  std::array<bool, kConditions> held_{true, true, true};
  bool usurped_ = false, suspended_ = false;
};

}  // namespace troupe::cluster
