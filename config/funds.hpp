#pragma once
// Everybody who has a budget, and whose budgets a request counts in.
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "config/types.hpp"

namespace troupe::config {

/// A budget and whose it is.
struct Fund {
  std::string
      owner;  ///< "tenant/NAME", "key/TENANT/NAME", "budget/NAME"; "budget/NAME/user=bob" of one of many
  std::string title;  ///< for messages: "the tenant 'search'"
  Budget rule;
};
using SharedFund = std::shared_ptr<const Fund>;

/// Who asks, for what. Views of the caller's.
struct Payer {
  std::string_view tenant, key, user, model;
  const std::vector<std::pair<std::string, std::string>>* tags = nullptr;
};

/// Of one configuration. Immutable; any thread.
class Funds {
 public:
  explicit Funds(const Config& config);

  bool empty() const { return fixed_.empty() && named_.empty(); }
  /// Those that are known beforehand; not what is one budget for each value.
  const std::vector<SharedFund>& fixed() const { return fixed_; }
  /// Every budget that this payer's calls count in. Costs the same however many tenants there are.
  std::vector<SharedFund> of(const Payer& payer) const;
  /// By its owner, also one of many that somebody's request brought up; nullptr when nobody has it.
  SharedFund find(std::string_view owner) const;

 private:
  struct Named {
    NamedBudget rule;
    SharedFund one;  ///< nullptr: one for each value
  };
  void add(Fund fund);
  SharedFund known(std::string_view owner) const;

  std::vector<SharedFund> fixed_;
  std::unordered_map<std::string_view, SharedFund> index_;  ///< by the owners of fixed_
  std::vector<Named> named_;
};

}  // namespace troupe::config
