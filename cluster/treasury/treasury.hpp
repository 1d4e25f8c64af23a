#pragma once
// Budgets as one node runs them. No CAF, no HTTP, no network of its own.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "actors/policy/cash.hpp"
#include "cluster/ledger/cost_book.hpp"
#include "cluster/money/messages.hpp"
#include "config/funds.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace troupe::money {

/// A budget has reached one of its shares; whoever is given it tells it, and then calls Treasury::told().
struct Reached {
  Alarm alarm;
  config::Fund fund;
};

/// /costs: of the days from `from` up to and without `until`, since 1970 (UTC).
struct CostAsk {
  std::optional<ledger::CostBy> by;  ///< absent: by day
  std::int64_t from = 0, until = 0;
};

struct TreasuryOptions {
  std::shared_ptr<const config::Config> config;  ///< with a store.path
  std::string node;                              ///< of a node on its own; else the cluster's name holds
  const Clock* clock = nullptr;                  ///< outlives the treasury
  std::uint64_t seed = 1;                        ///< names a new store
};

/// Owns a thread that ticks, and the ledger's. All functions may be called from any thread.
class Treasury {
 public:
  /// Opens the ledger in store.path. Fails with words for the operator. A node on its own is in office at
  /// once.
  static Result<std::unique_ptr<Treasury>> start(TreasuryOptions options);
  /// Writes what is left and stops.
  virtual ~Treasury() = default;

  /// How requests pay; valid as long as the treasury.
  virtual policy::Cash cash() = 0;
  virtual void configure(std::shared_ptr<const config::Config> config) = 0;

  // -- alerts
  /// Who tells them; called under a lock, must not call back. Without one nothing is told, and all of it when
  /// there is one.
  virtual void on_reached(std::function<void(const Reached&)> tell) = 0;
  /// It was told and heard; nobody tells it again.
  virtual void told(const Alarm& alarm) = 0;

  // -- the cluster's side
  /// Where messages to others go; called under a lock, must not call back.
  virtual void connect(std::function<void(const std::string& to, const Message& message)> send) = 0;
  virtual void heard(const std::string& from, const Message& message) = 0;
  /// Who is in office by the permits' election. Often.
  virtual void office(bool mine, const std::string& holder) = 0;

  /// Gives all money back; waits up to `patience` until it is on disk and the treasurer knows. Calls that end
  /// later are written down all the same.
  virtual void close(Duration patience) = 0;

  /// GET /budgets.
  virtual nlohmann::json view() const = 0;
  /// GET /costs, of this node: what its ledger has.
  virtual nlohmann::json costs(const CostAsk& ask) const = 0;
  /// What is spent or in doubt, over the cap, by owner.
  virtual std::map<std::string, double> used_ratios() const = 0;
};

}  // namespace troupe::money
