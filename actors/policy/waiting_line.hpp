#pragma once
// Requests that wait for one model's capacity: classes in strict order, tenants of a class by weight,
// bounded.
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "config/governance.hpp"

namespace troupe::policy {

/// Who wants to wait. `id` is used once.
struct Waiter {
  std::uint64_t id = 0;
  config::RequestClass priority = config::RequestClass::interactive;
  std::string tenant;
  double weight = 1;      ///< of the tenant, above 0
  std::int64_t cost = 1;  ///< what its turn counts as: estimated tokens, in and out
};

/// A fair queue. Whoever has the turn may ask the router; others wait. Not thread-safe.
///
/// Classes: interactive before standard before batch. After kPassedOver interactive turns in a row standard
/// gets one, so that it is slow but never stuck; batch gets what the others leave.
///
/// Tenants of one class: start-time fair queueing (Goyal, Vin, Cheng 1996). Every tenant has a virtual time,
/// which a turn moves on by cost / weight; the least goes first, in order of arrival within the tenant. Who
/// comes back after a pause starts at the virtual time of the last turn: nothing is saved up. The cost is the
/// tokens that a request may take, as in "Fairness in Serving Large Language Models" (Sheng et al. 2024): a
/// tenant must not gain by putting more into each request. Only turns that were used count.
///
/// Full: a request of a higher class pushes out the newest of the lowest one. Within a class the tenant that
/// holds the most of the line for its weight loses its newest to who holds less, so that nobody is turned
/// away because the line is full of somebody else.
class WaitingLine {
 public:
  static constexpr std::size_t kClasses = 3;
  static constexpr int kPassedOver = 8;

  struct Joined {
    bool in = false;                        ///< false: the line is full, or `id` is in it already
    std::optional<std::uint64_t> out = {};  ///< who had to go for it
  };

  explicit WaitingLine(std::size_t max_length) : max_length_(max_length) {}

  Joined join(const Waiter& waiter);
  /// Takes `id` out, wherever it stands. `served`: it got what it waited for.
  void leave(std::uint64_t id, bool served);
  /// Who has the turn cannot use it for a reason of its own (its tenant has its share, batch work must leave
  /// some capacity): it may still ask, and the next tenant gets a turn beside it.
  void step_aside(std::uint64_t id);

  /// Who is to be told that it has the turn: each once, nullopt when who has it knows.
  std::optional<std::uint64_t> call();
  /// The lowest class that may ask now; batch when nobody waits.
  config::RequestClass turn() const;

  std::size_t size() const { return index_.size(); }
  bool empty() const { return index_.empty(); }
  std::size_t waiting(config::RequestClass priority) const { return rank(priority).size; }
  std::size_t max_length() const { return max_length_; }
  /// Those who are in stay in, also when it shrinks.
  void set_max_length(std::size_t max_length) { max_length_ = max_length; }

 private:
  struct Place {
    std::uint64_t id = 0;
    std::int64_t cost = 1;
    bool told = false;
  };
  struct Flow {  ///< of one tenant
    double weight = 1, time = 0;
    std::deque<Place> places;
    bool aside = false;  ///< its first has stepped aside
    double held() const { return static_cast<double>(places.size()) / weight; }
  };
  struct Rank {  ///< of one class
    std::map<std::string, Flow> flows;
    double time = 0;  ///< at which the last turn began
    std::size_t size = 0;
  };
  struct Where {
    std::size_t rank = 0;
    std::map<std::string, Flow>::iterator flow;
  };

  const Rank& rank(config::RequestClass priority) const { return ranks_[static_cast<std::size_t>(priority)]; }
  static bool ready(const Flow& flow) { return !flow.places.empty() && !flow.aside; }
  static bool ready(const Rank& rank);
  static Flow* first_of(Rank& rank);
  static void forget_idle(Rank& rank);
  void count_turn(std::size_t rank);
  std::optional<std::uint64_t> victim_for(const Waiter& waiter);

  std::size_t max_length_;
  std::array<Rank, kClasses> ranks_;
  std::unordered_map<std::uint64_t, Where> index_;
  int passed_over_ = 0;  ///< interactive turns since standard had one
};

}  // namespace troupe::policy
