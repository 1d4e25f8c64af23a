#pragma once
// The limits that each end user of a tenant has.
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "actors/policy/key_state.hpp"

namespace troupe::policy {

/// Users are known by the names that requests bring: each is counted from his first one, and forgotten when
/// nothing of his is under way and the longest window has passed since his last. At most kMost at a time;
/// beyond that the one who was idle for longest is forgotten early (he may begin again), and where all of
/// them have calls under way newcomers are refused. A value; not thread-safe.
class UserLimits {
 public:
  static constexpr std::size_t kMost = 10'000;
  static constexpr std::size_t kLongestName = 128;  ///< bytes; longer names that begin alike count as one

  explicit UserLimits(const config::Limits& limits) : limits_(limits) {}

  bool any() const { return limits_ != config::Limits{}; }
  const config::Limits& limits() const { return limits_; }
  /// As KeyState::acquire(). Settle with the same name.
  Acquired acquire(std::string_view user, const AcquireAsk& ask, Time now, Random& random);
  /// As with KeyState; ignored for users who are not known.
  void settle(std::string_view user, const Settled& settled, Time now, Random& random);
  void begun(std::string_view user, PermitId permit, Time at, Time now);
  /// Of a user who is known; without limit for others.
  WindowView window(std::string_view user, RefusalReason which, Time now) const;

  /// What was used stays used.
  void reconfigure(const config::Limits& limits, Time now);
  std::size_t size() const { return users_.size(); }

 private:
  struct User {
    std::string name;
    KeyState state;
    Time last{};
    std::int64_t in_flight = 0;
  };
  using Users = std::list<User>;

  User* find(std::string_view user) const;
  User* seat(std::string_view user, Time now);
  void forget_idle(Time now);
  Duration longest_window() const;

  config::Limits limits_;
  mutable Users users_;  ///< the one who asked last first
  std::unordered_map<std::string, Users::iterator> index_;
};

}  // namespace troupe::policy
