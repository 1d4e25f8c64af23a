#pragma once
// When something that expires is fetched, fetched again before its end, and waited with after a failure.
#include <optional>

#include "core/time.hpp"

namespace troupe::cloud {

/// A value; knows nothing of what is fetched. `kNever` as an end means that it does not expire.
class Renewal {
 public:
  static constexpr Duration kEarly =
      std::chrono::minutes(5);  ///< before the end, or a quarter of a short life
  static constexpr Duration kFirstPause = std::chrono::seconds(1);  ///< after a failure; doubles
  static constexpr Duration kLongestPause = std::chrono::seconds(60);
  static constexpr Duration kRejections =
      std::chrono::seconds(60);  ///< at most one renewal for a rejection in so long

  /// A fetch should begin now.
  bool due(Time now) const { return !under_way_ && at_ <= now; }
  /// When due() will say yes; kNever while a fetch is under way.
  Time at() const { return under_way_ ? kNever : at_; }
  /// What was fetched last is still good.
  bool good(Time now) const { return good_ && now < end_; }
  bool under_way() const { return under_way_; }

  void began() { under_way_ = true; }
  void got(Time end, Time now);
  void failed(Time now);
  /// The far side refuses what was fetched, though it has not ended. True: it is given up and fetched again
  /// at once. False: that was tried a moment ago.
  bool rejected(Time now);

 private:
  bool under_way_ = false, good_ = false;
  Time end_{};
  Time at_ = Time::min();  ///< the first fetch is due at any time
  Duration pause_ = kFirstPause;
  std::optional<Time> last_rejected_;
};

}  // namespace troupe::cloud
