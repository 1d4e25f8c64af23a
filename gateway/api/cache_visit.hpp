#pragma once
// One request's dealings with the cache: its key, its question, and the record of what is delivered.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "actors/desk.hpp"
#include "config/types.hpp"
#include "gateway/cache/wish.hpp"
#include "gateway/dialects/request.hpp"

namespace troupe::api {

/// What else an answer depends on: who may answer whom, and what the caller demanded. As text, to be hashed.
std::string cache_policy(const actors::RequestFacts& facts, const config::Tenant* tenant);
/// The alias' definition, as far as it chooses who answers.
std::string cache_revision(const config::Model& model);

/// Of a request that may be cached; stays on its thread. Whatever was asked for is ended with it.
class CacheVisit {
 public:
  CacheVisit(actors::Desk& desk, const cache::Digest& key, const cache::Wish& wish,
             const std::optional<config::ExactCache>& exact);

  bool looks() const { return wish_.look; }
  const std::optional<Duration>& ttl() const { return wish_.ttl; }  ///< by the caller
  /// Of an answer that it takes.
  Duration max_age() const { return wish_.ttl.value_or(cache::kAnyAge); }

  /// Asks the exact cache; nothing where there is none, or the caller wants a new answer. `ready` is called
  /// when told() may have changed.
  void ask(std::function<void()> ready);
  /// Somebody else is getting the answer.
  bool waits() const { return look_ && !look_->told(); }
  /// The answer that was there; nullptr: get it.
  const cache::Told* hit() const {
    return look_ && look_->told() && look_->told()->entry ? &*look_->told() : nullptr;
  }

  /// What the caller gets, piece by piece.
  void record(std::string_view bytes);
  /// All of it was delivered: keeps it for others. `entry` without its body. nullptr: it was too long.
  cache::EntryPtr keep(cache::Entry entry);
  /// There will be nothing to keep: whoever waits need not.
  void give_up();

 private:
  actors::Desk& desk_;
  const cache::Digest key_;
  const cache::Wish wish_;
  const std::optional<config::ExactCache> exact_;
  const std::size_t longest_;
  std::unique_ptr<actors::CacheLook> look_;
  std::string body_;
  bool given_up_ = false;  ///< too long
};

}  // namespace troupe::api
