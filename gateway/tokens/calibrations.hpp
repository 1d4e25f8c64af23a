#pragma once
// What was learned of every model: one table per I/O thread, so that nobody waits.
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "gateway/tokens/estimate.hpp"

namespace troupe::tokens {

/// By "provider/model", as endpoints are named: the same model may be counted otherwise elsewhere. A plain
/// value with one owner; holds at most kMost models, those that come later are not learned.
class Calibrations {
 public:
  static constexpr std::size_t kMost = 1024;

  /// The guess as this model would count it.
  Tokens corrected(std::string_view model, Tokens guess) const {
    const auto found = models_.find(model);
    return found == models_.end() ? guess : found->second.corrected(guess);
  }
  void learn(std::string_view model, Tokens guess, Tokens settled) {
    auto found = models_.find(model);
    if (found == models_.end()) {
      if (models_.size() >= kMost) return;
      found = models_.emplace(model, Calibration{}).first;
    }
    found->second.learn(guess, settled);
  }
  std::size_t size() const { return models_.size(); }

 private:
  std::map<std::string, Calibration, std::less<>> models_;
};

}  // namespace troupe::tokens
