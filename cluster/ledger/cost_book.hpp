#pragma once
// What was spent, by day and by whom or for what: sums that answer /costs without reading single calls.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "actors/policy/cash.hpp"

namespace troupe::ledger {

/// Users are summed by month (their day is its first), everything else by day.
enum class CostBy : std::uint8_t { provider, model, tenant, key, user, tag };

/// What calls came to. Pico-dollars.
struct CostSum {
  std::int64_t calls = 0, input = 0, output = 0;
  policy::Picos cost = 0;
  std::int64_t unknown = 0;    ///< calls whose price is not known; they are not in `cost`
  std::int64_t estimated = 0;  ///< calls without figures from the provider
  CostSum& operator+=(const CostSum& other);
  bool operator==(const CostSum&) const = default;
};

/// One line of the books; also what is added to one.
struct CostRow {
  std::int64_t day = 0;  ///< since 1970-01-01, UTC
  CostBy by = CostBy::provider;
  std::string name;  ///< "openai", "openai/gpt-4o", "search", "search/prod", "search/bob", "env=prod"
  CostSum sum;
  bool operator==(const CostRow&) const = default;
};

/// The day that a moment is in, since 1970 (UTC).
std::int64_t day_number(WallTime at);

/// A value; not thread-safe. At most kMost names of one kind in one day: later ones count as "(other)".
class CostBook {
 public:
  static constexpr std::size_t kMost = 10'000;
  static constexpr std::int64_t kDays = 400;  ///< what is older is forgotten

  /// What these calls add, by row; changes nothing.
  std::vector<CostRow> of(const std::vector<const policy::Expense*>& expenses) const;
  void add(const std::vector<CostRow>& rows);
  void forget_before(std::int64_t day);

  /// By name, of the days from `from` up to and without `until`.
  std::map<std::string, CostSum> sums(CostBy by, std::int64_t from, std::int64_t until) const;
  /// By day.
  std::map<std::int64_t, CostSum> days(std::int64_t from, std::int64_t until) const;

 private:
  using Place = std::tuple<std::int64_t, CostBy, std::string>;
  std::size_t names(std::int64_t day, CostBy by) const;

  std::map<Place, CostSum> rows_;
  std::map<std::pair<std::int64_t, CostBy>, std::size_t> names_;
};

}  // namespace troupe::ledger
