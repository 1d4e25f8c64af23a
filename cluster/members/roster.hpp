#pragma once
// The table of members: merges what is heard so that the newest wins, whatever the order.
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/members/messages.hpp"
#include "core/time.hpp"

namespace troupe::members {

inline Line line_of(const Member& member) {
  return {member.name, member.incarnation, member.serial, member.state};
}
inline bool gone(State state) {
  return state == State::dead || state == State::left;
}
/// True when `a` overrides `b`: higher incarnation, then serial, then state.
bool newer(const Line& a, const Line& b);
/// Bounds that every honest node keeps: a name of 1 to 63 of a-z, 0-9, '-'; a short address.
bool well_formed(const Member& member);

/// Who is known, this node not among them. Merging is commutative, associative and idempotent, so that all
/// rosters that heard the same are the same (Shapiro et al. 2011). A value; not thread-safe.
class Roster {
 public:
  struct Entry {
    Member member;
    Time since;  ///< of this state, here
  };

  explicit Roster(std::size_t most) : most_(most) {}

  enum class Merged : std::uint8_t { nothing, added, replaced, full };
  /// Takes `heard` when it is newer. Somebody unknown who is gone is not taken: else the forgotten would
  /// return for ever. `before` gets what was known.
  Merged merge(const Member& heard, Time now, std::optional<Member>* before = nullptr);
  /// The same for a line; false when it is newer but its record is needed first.
  bool merge(const Line& heard, Time now, std::optional<Member>* before, Merged& merged);

  const Entry* find(std::string_view name) const;
  void forget(const std::string& name);
  const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }
  std::size_t size() const { return entries_.size(); }
  /// Of those who are in, in any order; not cryptographic.
  std::uint64_t fingerprint() const { return fingerprint_; }
  /// What one line adds to a fingerprint; 0 for those who are gone.
  static std::uint64_t weight(const Line& line);

 private:
  void put(Entry& entry, const Member& member, Time now);

  std::map<std::string, Entry, std::less<>> entries_;
  std::size_t most_;
  std::uint64_t fingerprint_ = 0;
};

}  // namespace troupe::members
