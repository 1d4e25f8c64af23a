#pragma once
// What a call costs the budgets that it counts in: reserved before it is sent, settled when it ends.
#include <optional>
#include <string>
#include <vector>

#include "actors/policy/cash.hpp"
#include "actors/routing.hpp"
#include "config/funds.hpp"

namespace troupe::api {

/// How a call ended, as far as money goes.
struct CallEnd {
  bool sent = false;
  int status = 0;              ///< the provider's; 0: no answer came
  std::optional<Usage> usage;  ///< its figures, or ours for what was relayed; nullopt: nothing is known
  std::optional<Money> cost;
};

/// The money of one call. Dropped unsettled it cost nothing.
struct Payment {
  policy::Reservation money;
  std::vector<std::optional<Money>> unknown_prices;  ///< per token, of each budget
  policy::Expense whose;                             ///< tenant, key, user, tags

  /// The second time nothing happens. See cost_to_book().
  void settle(const CallEnd& end, const actors::Endpoint& endpoint, WallTime at);
};

/// What a call could cost by its estimates; nullopt: a price that is needed is unknown and the budget refuses
/// such calls.
std::optional<Money> most_cost(const actors::Endpoint& endpoint, Tokens input, Tokens output,
                               const std::optional<Money>& unknown_price);

/// What counts as spent: the real cost; by the rule for unknown prices; nothing where nothing was sent or the
/// provider answered with an error; all of `reserved` where nobody knows what the provider did.
Money cost_to_book(const CallEnd& end, Money reserved, const std::optional<Money>& unknown_price);

/// "2026-12-01 00:00 UTC".
std::string moment(WallTime at);
/// Why the next call cannot be paid, and when it could: what the budget is, what it allows, when it renews.
std::string exhausted_words(const config::Fund& fund, WallTime until);

}  // namespace troupe::api
