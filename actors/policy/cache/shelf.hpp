#pragma once
// Entries within a bound of bytes: the one that was not asked for longest goes first.
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "actors/policy/cache/entry.hpp"
#include "core/time.hpp"

namespace troupe::cache {

/// What one tenant has on a shelf, and what it was good for.
struct ShelfShare {
  std::uint64_t entries = 0, bytes = 0;
  std::uint64_t hits = 0;
  std::int64_t saved_picos = 0;
};

/// A value; time comes in.
class Shelf {
 public:
  struct Limits {
    std::size_t bytes = 0;   ///< of all entries; 0 keeps nothing
    std::size_t single = 0;  ///< of one; a larger one is not kept
  };
  struct Found {
    EntryPtr entry;
    Duration age{0};
  };

  explicit Shelf(Limits limits) : limits_(limits) {}

  /// Smaller limits drop what does not fit any more.
  void use(Limits limits);
  const Limits& limits() const { return limits_; }
  /// The entry where it is no older than `max_age` and its own time is not over. Counts a hit.
  std::optional<Found> find(const Digest& key, Duration max_age, Time now);
  /// Whether find() would; counts nothing.
  bool has(const Digest& key, Time now) const;
  /// Replaces what was there. False when it is too large, or has no time to live.
  bool put(const Digest& key, EntryPtr entry, Duration ttl, Time now);
  /// Drops everything, or what that tenant has made.
  void flush(std::optional<std::string_view> tenant = std::nullopt);

  std::size_t entries() const { return index_.size(); }
  std::size_t bytes() const { return bytes_; }
  std::uint64_t hits() const { return hits_; }
  std::uint64_t evicted() const { return evicted_; }
  /// By tenant; whoever has neither entries nor hits is not in it. At most kTenants names, the rest in "".
  const std::map<std::string, ShelfShare, std::less<>>& tenants() const { return tenants_; }
  static constexpr std::size_t kTenants = 4096;

 private:
  struct Slot {
    Digest key;
    EntryPtr entry;
    Time born, until;
  };
  using Line = std::list<Slot>;  ///< the latest first

  void drop(Line::iterator at);
  ShelfShare& share_of(const std::string& tenant);

  Limits limits_;
  Line line_;
  /// Flat: most digests that are asked for are not there, and a look at a full cache's nodes is a look at
  /// memory that no processor cache has.
  boost::unordered_flat_map<Digest, Line::iterator, DigestHash> index_;
  std::map<std::string, ShelfShare, std::less<>> tenants_;
  std::size_t bytes_ = 0;
  std::uint64_t hits_ = 0, evicted_ = 0;
};

}  // namespace troupe::cache
