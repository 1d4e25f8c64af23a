#pragma once
// The limits that each end user of a tenant has, on one node of those that share them.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/policy/users/front.hpp"
#include "actors/policy/users/home.hpp"
#include "actors/policy/users/messages.hpp"
#include "actors/policy/users/place.hpp"

namespace troupe::users {

/// Every user has a home among the nodes that are there, which decides for all of them (decision 0013). What
/// a node says to itself is heard at once; the rest is in `out`. All functions append to both lists.
///
/// At most Roll::kMost users at a time, on each side; beyond that the one who was idle for longest is
/// forgotten (he may begin again), and where all of them have calls under way newcomers are refused. Users
/// are forgotten when the longest window has passed since their last. A value; not thread-safe.
class Users {
 public:
  static constexpr std::size_t kLongestName = 128;  ///< bytes; longer names that begin alike count as one

  Users(std::string tenant, const config::Limits& limits, std::string self);

  bool any() const { return place_.limits != config::Limits{}; }
  const config::Limits& limits() const { return place_.limits; }
  /// Of this process; before others are there. Later processes of a node have larger ones.
  void boot(std::uint64_t number) { place_.boot = number; }

  /// May this user make one more request of that estimated size? Told at once where his home is this node. A
  /// ticket that is granted must be ended.
  void ask(std::string_view user, Ticket ticket, Tokens input, Tokens output, Time now, Outbox& out,
           Telling& told);
  void begun(Ticket ticket, Time at, Time now, Outbox& out, Telling& told);
  void end(Ticket ticket, const Ended& how, Time now, Outbox& out, Telling& told);
  void hear(const std::string& from, const Message& message, Time now, Outbox& out, Telling& told);
  /// About each 20 ms while restless().
  void tick(Time now, Outbox& out, Telling& told);
  /// Who is there beside this node.
  void use(const std::vector<std::string>& others, Time now, Outbox& out, Telling& told);
  /// This node goes: whoever will be home of its users is told what it knows.
  void leave(Time now, Outbox& out);
  /// Nobody waits for answers any more: after a crash of its actor.
  void restart() { front_.restart(); }
  /// What was used stays used; a limit that there was not counts from now.
  void reconfigure(const config::Limits& limits);

  bool restless() const { return shared_ && (front_.restless() || home_.restless()); }
  std::size_t size() const { return front_.size(); }
  std::size_t at_home() const { return home_.size(); }
  const Front::Figures& figures() const { return front_.figures(); }
  const cache::Ring& ring() const { return place_.ring; }

 private:
  void dispatch(const std::string& from, const Message& message, Time now, Outbox& out, Telling& told);
  void deliver(Time now, Outbox& out, Telling& told);

  Place place_;
  Front front_;
  Home home_;
  bool shared_ = false;  ///< there is, or was, another node
};

}  // namespace troupe::users
