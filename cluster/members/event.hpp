#pragma once
// What changed among the members: one entry of /events and of the log each.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cluster/members/messages.hpp"

namespace troupe::members {

enum class Why : std::uint8_t {
  met,         ///< heard of for the first time
  joined,      ///< let in
  returned,    ///< a new process of a known node, or a dead one that was only out of reach
  suspected,   ///< nobody reaches it
  refuted,     ///< the suspicion was wrong
  given_up,    ///< nobody spoke for it in time
  left,        ///< it said goodbye
  forgotten,   ///< dead or left for long enough; its name is free
  changed,     ///< address, revision or draining
  name_taken,  ///< this node: another process with our name and a higher incarnation is in. We fall silent.
};

struct Event {
  std::string member;
  std::uint64_t incarnation = 0;
  std::optional<State> from, to;  ///< absent: not known before, or no more
  Why why = Why::met;
  friend bool operator==(const Event&, const Event&) = default;
};

/// "suspect": metrics' label and /cluster.
std::string_view name(State state);
std::string_view name(Why why);

}  // namespace troupe::members
