#pragma once
// Users by name, as many as there may be.
#include <cstddef>
#include <iterator>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/time.hpp"

namespace troupe::users {

/// Each is there from when he is seated, and forgotten when he is not busy and has been idle for `longest`.
/// At most kMost; beyond that the one who was idle for longest is forgotten early, and where all of them are
/// busy nobody more is seated. `Entry` says busy(). Pointers to entries stay valid until they are forgotten.
template <class Entry>
class Roll {
 public:
  static constexpr std::size_t kMost = 10'000;

  /// The user's entry, made by `make()` where there is none; nullptr: there is no room.
  template <class Make>
  Entry* seat(const std::string& name, Duration longest, Time now, Make&& make) {
    forget_idle(longest, now);
    if (const auto found = index_.find(name); found != index_.end()) {
      users_.splice(users_.begin(), users_, found->second);
      found->second->last = now;
      return &found->second->entry;
    }
    if (users_.size() >= kMost && !forget_one()) return nullptr;
    users_.push_front({name, make(), now});
    index_.emplace(name, users_.begin());
    return &users_.front().entry;
  }
  Entry* find(const std::string& name) {
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &found->second->entry;
  }
  /// He was not idle until now.
  void touch(const std::string& name, Time now) {
    const auto found = index_.find(name);
    if (found == index_.end()) return;
    users_.splice(users_.begin(), users_, found->second);
    found->second->last = now;
  }
  void erase(const std::string& name) {
    const auto found = index_.find(name);
    if (found == index_.end()) return;
    users_.erase(found->second);
    index_.erase(found);
  }
  /// `see(name, entry)`, in no order.
  template <class See>
  void each(See&& see) {
    for (auto& user : users_) see(user.name, user.entry);
  }
  std::size_t size() const { return users_.size(); }

 private:
  static constexpr std::size_t kAtOnce = 4;     // forgotten with each request, so that it stays short
  static constexpr std::size_t kLookedAt = 64;  // of the idlest, for one who is not busy

  struct User {
    std::string name;
    Entry entry;
    Time last{};
  };

  void forget_idle(Duration longest, Time now) {
    for (std::size_t i = 0; i < kAtOnce && !users_.empty(); ++i) {
      const auto& oldest = users_.back();
      if (oldest.entry.busy() || oldest.last + longest > now) return;
      forget(std::prev(users_.end()));
    }
  }
  bool forget_one() {
    auto idle = std::prev(users_.end());
    for (std::size_t i = 0; i < kLookedAt && idle != users_.begin() && idle->entry.busy(); ++i) --idle;
    if (idle->entry.busy()) return false;
    forget(idle);
    return true;
  }
  void forget(typename std::list<User>::iterator user) {
    index_.erase(user->name);
    users_.erase(user);
  }

  std::list<User> users_;  ///< the one who was seated last first
  std::unordered_map<std::string, typename std::list<User>::iterator> index_;
};

}  // namespace troupe::users
