#pragma once
// All actors of one node: starts them, gives each I/O thread its desk, swaps configurations, answers
// inspection.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "actors/desk.hpp"
#include "actors/policy/cache/messages.hpp"
#include "actors/policy/evidence.hpp"
#include "actors/policy/shares.hpp"
#include "actors/policy/users/messages.hpp"
#include "config/prices.hpp"
#include "config/types.hpp"
#include "core/time.hpp"

namespace troupe::actors {

/// One actor as operators see it (contract: GET /actors).
struct ActorInfo {
  std::uint64_t id = 0;
  std::string type, name, node, parent, state, last_message;
  std::uint64_t mailbox = 0, mailbox_max = 0, messages = 0, restarts = 0;
  double rate_1m = 0;  ///< messages per minute
  double busy_pct = 0, age_s = 0;
  nlohmann::json detail;  ///< a key's: windows, breaker with history, in-flight, latency quantiles, last
                          ///< fault, learned limits
};

struct CompanyOptions {
  std::shared_ptr<const config::Config> config;
  std::shared_ptr<const config::PriceCatalogue> prices;
  std::vector<boost::asio::io_context*>
      threads;  ///< one per I/O thread; they outlive the Company and run until it is gone
  const Clock* clock = nullptr;
  std::uint64_t seed = 1;
  std::string node = "node-1";
  /// The thread that destroys the Company is also the one that runs `threads`, so it runs them while the
  /// actors end (tests, tools). Otherwise they must be running then, or stopped.
  bool caller_runs_threads = false;
  /// Whether this node sends the active probes of that key ("provider/key"); called on any thread, at most
  /// about once a second per key. Empty: it probes every key.
  std::function<bool(const std::string& key)> is_prober = {};
  /// What this node may use of the limits of "key/PROVIDER/KEY" or "tenant/NAME", where nodes share them;
  /// called on any thread when a key or tenant is new or its limits changed. Empty: the node is on its own.
  std::function<policy::Shares(const std::string& owner)> shares = {};
  /// What a key ("provider/key") learnt first hand that other nodes want to know; called on any thread, must
  /// not wait. Empty: there is nobody to tell.
  std::function<void(const std::string& key, const policy::Evidence&)> learnt = {};
  /// Tells another node something of the cache; any thread, must not wait. Empty: the node is on its own.
  std::function<void(const std::string& to, const cache::Message&)> cache_send = {};
  /// The same, of the users of tenants.
  std::function<void(const std::string& to, const users::Message&)> users_send = {};
  /// What inspect() lists after the actors: parts of the node that are none (decision 0006). Any thread.
  std::function<std::vector<ActorInfo>()> besides = {};
};

/// Owned by app; methods are thread-safe unless said otherwise.
class Company {
 public:
  static std::unique_ptr<Company> start(CompanyOptions options);
  virtual ~Company() = default;  ///< stops everything in order; the io_contexts must still be running

  virtual Desk& desk(std::size_t thread) = 0;
  /// Swaps the routing snapshot on every thread; keys that stay (same provider/key id) keep windows and
  /// breaker, changed limits apply, a dead key whose secret changed is tried again.
  virtual void apply(std::shared_ptr<const config::Config> config) = 0;
  /// Asks every actor, with high priority; one that does not answer within 100 ms is listed with state
  /// "busy". Resumes on the caller's executor, which must be one of the I/O threads.
  virtual boost::asio::awaitable<std::vector<ActorInfo>> inspect() = 0;
  /// A dry run: {"model","alias","strategy","chosen",
  /// "candidates":[{"provider","key","model","tier","weight","score","rejected"}], "fallbacks":[...]}; spends
  /// nothing.
  virtual boost::asio::awaitable<nlohmann::json> explain(RouteAsk ask) = 0;
  /// What another node learnt of a key; unknown keys are ignored. In force for every call that asks the key
  /// afterwards.
  virtual void hear(const std::string& key, const policy::Hearsay& word) = 0;
  /// Another node speaks of the cache.
  virtual void hear_cache(const std::string& from, const cache::Message& message) = 0;
  /// Another node speaks of the users of a tenant.
  virtual void hear_users(const std::string& from, const users::Message& message) = 0;
  /// Who is there beside this node: entries of the cache and users of tenants have their homes among them.
  virtual void members(const std::vector<std::string>& others) = 0;
  /// Lets the cache and tenants look for deadlines of other nodes, where anybody waits. About each 20 ms in a
  /// cluster.
  virtual void tick() = 0;
  /// This node goes: tells the others what its users have used.
  virtual void hand_over_users() = 0;
  /// Forgets all cached answers of this node, or those that one tenant made.
  virtual void flush_cache(const std::optional<std::string>& tenant) = 0;
  /// For tests of supervision: makes the key actor "provider/key" throw. False when there is none.
  virtual bool crash_key(const std::string& id) = 0;
};

}  // namespace troupe::actors
