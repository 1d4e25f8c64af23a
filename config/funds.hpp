#pragma once
// Everybody who has a budget, and whose budgets a request counts in.
#include <optional>
#include <string>
#include <string_view>
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
  const std::vector<Fund>& fixed() const { return fixed_; }
  /// Every budget that this payer's calls count in.
  std::vector<Fund> of(const Payer& payer) const;
  /// By its owner, also one of many that somebody's request brought up; nullopt when nobody has it.
  std::optional<Fund> find(std::string_view owner) const;

 private:
  std::vector<Fund> fixed_;
  std::vector<NamedBudget> named_;
};

}  // namespace troupe::config
