#pragma once
// Answers by what was asked: per tenant and model the questions as vectors, within frames that must be equal.
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "actors/policy/cache/entry.hpp"
#include "actors/policy/cache/shelf.hpp"
#include "core/time.hpp"
#include "gateway/semantic/guard.hpp"
#include "gateway/semantic/index.hpp"
#include "gateway/semantic/question.hpp"

namespace troupe::semantic {

/// A value; time comes in. Not thread-safe.
class Meanings {
 public:
  struct Settings {
    float threshold = 0.95F;
    std::size_t max_entries = 10000;  ///< of one group
    bool guard = true;
  };
  struct Found {
    cache::EntryPtr entry;
    float score = 0;
    Duration age{0};
  };
  static constexpr std::size_t kLooks = 8;      ///< of the nearest, where the guard forbids the first
  static constexpr std::size_t kGroups = 1024;  ///< more are not kept

  /// Entries beyond smaller settings go when the next is put.
  void use(const Settings& settings) { settings_ = settings; }
  /// The answer to the most similar question of the group with the same frame, if that is similar enough,
  /// young enough, and the guard lets it pass.
  std::optional<Found> find(std::string_view group, const Question& question, const Vector& vector,
                            Duration max_age, Time now);
  /// `group` names tenant and model.
  void put(std::string_view group, const Question& question, Vector vector, cache::EntryPtr entry,
           Duration ttl, Time now);
  void flush(std::optional<std::string_view> tenant = std::nullopt);

  std::size_t entries() const { return items_.size(); }
  std::size_t bytes() const { return bytes_; }
  std::uint64_t hits() const { return hits_; }
  std::uint64_t evicted() const { return evicted_; }
  std::uint64_t forbidden() const { return forbidden_; }  ///< by the guard
  const std::map<std::string, cache::ShelfShare, std::less<>>& tenants() const { return tenants_; }

 private:
  using Order = std::list<std::uint64_t>;  ///< the oldest first
  struct Group {
    std::unordered_map<cache::Digest, Index, cache::DigestHash> frames;
    Order order;
  };
  using Groups = std::map<std::string, Group, std::less<>>;
  struct Item {
    Groups::iterator group;
    Order::iterator place;
    cache::Digest frame;
    Marks marks;
    cache::EntryPtr entry;
    std::size_t size = 0;
    Time born, until;
  };

  void remove(std::uint64_t id);
  cache::ShelfShare& share_of(const Item& item) { return tenants_[item.entry->tenant]; }

  Settings settings_;
  Groups groups_;
  std::unordered_map<std::uint64_t, Item> items_;
  std::map<std::string, cache::ShelfShare, std::less<>> tenants_;
  std::uint64_t next_ = 1, hits_ = 0, evicted_ = 0, forbidden_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace troupe::semantic
