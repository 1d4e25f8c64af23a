#pragma once
// Who gets the free permits of one limit. Never a question of safety: any answer conserves the permits.
#include <map>
#include <optional>

#include "cluster/permits/messages.hpp"
#include "core/random.hpp"

namespace troupe::cluster {

/// Demand moves permits: calls that wait are served first, whole calls, by lottery weighted by need; what is
/// left is spread by arrival rate, and surplus is called back when somebody is short. A value; not
/// thread-safe.
class Spread {
 public:
  struct Gift {
    SessionId to;
    Units units = 0;
  };
  struct Demand {
    Units want = 0, head = 0, idle = 0, hold = 0;
    double rate = 0;
    bool urgent = false;
  };

  explicit Spread(Units quantum = 1) : quantum_(quantum) {}

  /// A node's newest word. `in_flight` are permits granted that it had not seen when it spoke.
  void hear(const SessionId& session, const ReportLine& line, Units in_flight);
  void forget(const SessionId& session);

  /// Serves those who wait out of `free`; then, when nobody waits, tops `reporter` up to what it deserves.
  std::vector<Gift> give(Units free, const SessionId* reporter, std::size_t sessions, Random& random);
  /// After give(): how much waiting calls lack, and what was used or granted beyond the limit. Units.
  Units lacking() const { return lacking_; }
  /// Marks surplus holders to give back, at most each 50 ms; answers them.
  std::vector<SessionId> recall(Units free, std::size_t sessions, Time now);

  /// What nodes hold and have not reserved, as far as they have said.
  Units idle() const { return idle_; }
  const Demand* demand(const SessionId& session) const;
  bool waiting() const { return waiting_ > 0; }

 private:
  Units target(const Demand& demand, Units free, std::size_t sessions) const;
  SessionId draw(Random& random) const;
  void serve(Units& free, Random& random, std::vector<Gift>& gifts);
  void take(Demand& demand, const SessionId& to, Units units, Units& free, std::vector<Gift>& gifts);

  Units quantum_;
  std::map<SessionId, Demand> demands_;
  Units waiting_ = 0;  ///< sum of want
  Units idle_ = 0;     ///< sum of idle
  double rate_ = 0;    ///< sum of rate
  Units lacking_ = 0;
  std::optional<SessionId> first_;  ///< whose first call waits for more than was free
  Time recall_at_ = kLongAgo;
};

}  // namespace troupe::cluster
