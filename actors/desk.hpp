#pragma once
// What one I/O thread sees of the actors. No CAF in this header.
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "actors/policy/cache/callers.hpp"
#include "actors/routing.hpp"

namespace troupe::actors {

/// What a tenant's own limits say to one more request, and how much of them is left after it.
struct Admission {
  /// The minute's limit, or the day's where there is no other.
  struct Window {
    std::int64_t limit = 0, remaining = 0;  ///< limit 0: none
    Duration reset{0};                      ///< until all of it is free again
  };
  PermitId permit = 0;  ///< 0: the tenant has no limits, or refused; nothing to settle
  /// Names the tenant and the limit; no waiting line. `wait_in_line`: other nodes may have permits, which
  /// come in a moment; ask again at `retry_at`.
  std::optional<Refused> refused;
  Window requests, tokens;
};

/// One caller's question to the cache. Whoever was told to get the answer itself says how that ended; who
/// goes away, waiting or leading, destroys it. On its desk's thread.
class CacheLook {
 public:
  virtual ~CacheLook() = default;
  /// nullopt: somebody else is getting the answer. Without an entry: get it, and end().
  virtual const std::optional<cache::Told>& told() const = 0;
  /// At most the first counts.
  virtual void end(cache::End how) = 0;
};

/// Borrowed by the sessions of one I/O thread; call only on that thread. Owned by the Company
/// (actors/company.hpp).
class Desk {
 public:
  virtual ~Desk() = default;

  /// Asks this thread's router, which delegates to a key. Usually completes without suspending.
  /// Cancelling the coroutine is safe: a permit granted to nobody is settled as not called.
  virtual boost::asio::awaitable<RouteAnswer> route(RouteAsk ask) = 0;

  /// Ends a permit. Fire and forget; exactly once per Granted.
  virtual void settle(const Granted& granted, Settlement settlement) = 0;

  /// The provider has begun to answer a call that goes on: its request no longer holds its place in the
  /// key's minute, it cools from `at`. At most once per Granted, before settle(); for calls that last.
  virtual void begun(const Granted& granted, Time at) = 0;

  /// Joins the waiting line of the request's model. Completes with its ticket when it has the turn, or with
  /// 0: at once when the line is full, later when it was pushed out by others or the deadline passed. The
  /// caller must leave exactly once with what is not 0, and may cancel while waiting.
  virtual boost::asio::awaitable<std::uint64_t> join_line(std::shared_ptr<const RequestFacts> facts,
                                                          Time deadline) = 0;
  /// `served`: it was granted a permit; otherwise it gives up its turn.
  virtual void leave_line(std::uint64_t ticket, bool served) = 0;

  /// Asks whether the tenant, or its key as "vkey/TENANT/KEY", and the tenant's end user `user` (empty: not
  /// said, or a key) may make one more request of that estimated size; at once, and without a message, where
  /// neither has limits. Cancelling the coroutine is safe.
  virtual boost::asio::awaitable<Admission> admit(std::string tenant, std::string user, Tokens input,
                                                  Tokens output) = 0;

  /// Ends a tenant's permit: exactly once where `permit` is not 0. `usage` is what counts, also when it is
  /// nothing. `called` is false when no provider was asked: the request does not count either. `took` is the
  /// time since admit(): requests count from then.
  virtual void settle_tenant(const std::string& tenant, PermitId permit, Usage usage, bool called,
                             Duration took) = 0;
  /// As begun(), for a tenant's permit; `at` is when it was admitted.
  virtual void begun_tenant(const std::string& tenant, PermitId permit, Time at) = 0;

  /// Looks for an answer of that name no older than `max_age`, on the node that keeps it. `ready` is called
  /// when told() has something, unless it has at once. nullptr: nothing is cached.
  virtual std::unique_ptr<CacheLook> look_up(const cache::Digest& key, Duration max_age,
                                             std::function<void()> ready) {
    (void)key, (void)max_age, (void)ready;
    return nullptr;
  }
  /// Keeps an answer that was not looked for.
  virtual void keep(const cache::Digest& key, cache::EntryPtr entry, Duration ttl) {
    (void)key, (void)entry, (void)ttl;
  }

  /// The next active probe that is due on this node, or nullopt. Perform it, settle() it, and tell how it
  /// ended with probed(), each exactly once. Cancelling the coroutine is safe.
  virtual boost::asio::awaitable<std::optional<Probe>> next_probe() = 0;
  /// `fault`: nullopt when the key passed. `tried` is false when the probe was given up unanswered.
  virtual void probed(const Probe& probe, std::optional<Fault> fault, bool tried) = 0;
};

}  // namespace troupe::actors
