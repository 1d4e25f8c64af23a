#pragma once
// What a provider sees: an oracle that knows nothing of our windows.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/time.hpp"

namespace troupe::testing {

class ProviderLog {
 public:
  void saw(Time at, std::int64_t amount) { seen_.emplace_back(at, amount); }

  /// The largest sum in any closed window of `span`.
  std::int64_t most_in(Duration span) const {
    auto seen = seen_;
    std::sort(seen.begin(), seen.end());
    std::int64_t sum = 0, most = 0;
    std::size_t oldest = 0;
    for (const auto& [at, amount] : seen) {
      sum += amount;
      while (seen[oldest].first < at - span) sum -= seen[oldest++].second;
      most = std::max(most, sum);
    }
    return most;
  }

 private:
  std::vector<std::pair<Time, std::int64_t>> seen_;
};

}  // namespace troupe::testing
