#pragma once
// What the configurations of live sessions say of each limit: the smallest holds.
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "cluster/permits/messages.hpp"

namespace troupe::cluster {

/// Nodes may have different revisions in force for a while. A limit is as small as the smallest of those who
/// have it; and it is not raised before everybody who may use it has said so. Who has no such limit has no
/// say in it. A value; not thread-safe.
class Revisions {
 public:
  /// This node's own configuration, which counts like that of a session.
  void configure(const Limits& own);
  /// A session that may use permits, and has not said anything here.
  void join(const SessionId& session);
  /// Answers the limits that may have another size now.
  std::set<LimitId> hear(const Report& report);
  std::set<LimitId> leave(const SessionId& session);

  /// What holds from now on, where `in_force` held (nullptr: there was none). nullopt: nobody has it.
  std::optional<LimitSpec> spec(LimitId limit, const LimitSpec* in_force) const;

 private:
  struct Said {
    bool whole = false;
    std::map<LimitId, Units> units;
  };
  struct Limit {
    LimitSpec spec;  ///< but for its units the same for everybody
    std::optional<Units> own;
    std::multiset<Units> units;  ///< of sessions
  };

  bool say(Said& said, const LimitSpec& spec);
  void withdraw(LimitId limit, Units units);
  std::set<LimitId> all() const;

  std::map<LimitId, Limit> limits_;
  std::map<SessionId, Said> sessions_;
  std::size_t silent_ = 0;  ///< sessions that have not said everything
};

}  // namespace troupe::cluster
