#pragma once
// A voter: one promise, one copy of the account.
#include <memory>

#include "cluster/permits/memory.hpp"
#include "cluster/permits/messages.hpp"

namespace troupe::cluster {

/// Keeps at most one promise at a time and remembers what an allocator in office told it.
///
/// After a restart it abstains until nobody can rely on a promise that it forgot. What it acknowledged it
/// still knows when its memory kept it; else its knowledge does not count until an allocator in office has
/// brought it up to date. Not thread-safe.
class Voter {
 public:
  /// `knowledge`: never, when it is certain that the cluster did not run within the longest window.
  /// `memory` may be null.
  Voter(NodeName me, std::uint64_t incarnation, Timing timing, Knowledge knowledge, Time now,
        std::shared_ptr<Memory> memory = nullptr);

  void hear(const NodeName& from, const Prepare& message, Time now, Outbox& out);
  void hear(const NodeName& from, const Append& message, Time now, Outbox& out);
  void hear(const Release& message, Time now);

  /// Whether it may speak already.
  bool abstains(Time now) const { return now < abstains_until_; }
  /// The last time that it followed somebody.
  Time heard() const { return heard_; }
  void heard_now(Time now) { heard_ = now; }
  /// The cluster remembers a later life of this node: from now on this one is the later, and not the
  /// first.
  void reborn(std::uint64_t incarnation, Time now);
  /// The highest number of an epoch seen.
  std::uint64_t highest() const { return highest_; }
  void saw(std::uint64_t number);
  Knowledge knowledge() const { return knowledge_; }
  /// Of the copy; 0 before there is one.
  Lineage lineage() const { return lineage_; }
  const Stamp& stamp() const { return stamp_; }

 private:
  void promise(const Epoch& epoch, Time now);
  bool note_promise(Time now);
  bool take(const Append& message, Time now);
  bool learn(const Append& message, Time now);
  bool write_down(const Append& message, std::uint64_t before, Time now);

  NodeName me_;
  std::uint64_t incarnation_;
  Timing timing_;
  Knowledge knowledge_;
  std::shared_ptr<Memory> memory_;
  std::size_t kept_ = 0;  ///< changes since the newest image
  Time abstains_until_, heard_;
  Epoch promised_, before_;  ///< the promise, and the one that a release falls back to
  Time promised_until_ = Time::min();
  std::uint64_t highest_ = 0;
  Lineage lineage_ = 0;
  Stamp stamp_;
  Table table_;
};

}  // namespace troupe::cluster
