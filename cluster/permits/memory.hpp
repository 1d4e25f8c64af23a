#pragma once
// What a voter writes down, so that the end of its process does not cost the cluster a copy of the account.
#include <vector>

#include "cluster/permits/messages.hpp"

namespace troupe::cluster {

/// Something that an allocator told a voter, and when, by the voter's own clock; without changes and account:
/// the promise of an epoch.
struct Kept {
  Time at;
  Append told;
};

/// Outlives the process, not the machine's boot: the clock has to go on as well. Whoever implements it
/// answers for that; `recall` is empty when in doubt. Not thread-safe.
class Memory {
 public:
  virtual ~Memory() = default;
  /// The newest image and everything that was kept since, in order.
  virtual std::vector<Kept> recall(Time now) = 0;
  /// Done when it returns true; a false voter acknowledges nothing any more.
  virtual bool keep(const Kept& kept) = 0;
  /// `image` stands for everything before.
  virtual bool replace(const Kept& image) = 0;
};

}  // namespace troupe::cluster
