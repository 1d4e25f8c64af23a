#pragma once
// How a batch works through its lines: which is next, how many at once, who waits until when. Values.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "gateway/batch/verdict.hpp"

namespace troupe::batch {

/// How many calls are made at once. It doubles with every round until the first refusal, then grows by one a
/// round and halves when refused (AIMD: Chiu & Jain 1989), between 1 and `most`; after a refusal nothing new
/// starts for a moment that doubles with every refusal in a row.
class Pace {
 public:
  static constexpr Duration kFirstPause = std::chrono::milliseconds(250),
                            kLongestPause = std::chrono::seconds(10);
  static constexpr Duration kOneCut = std::chrono::seconds(1);  ///< refusals so close together halve it once
  static constexpr double kBegin = 4;

  explicit Pace(std::size_t most)
      : most_(static_cast<double>(most)), allowed_(std::min(kBegin, static_cast<double>(most))) {}
  bool open(std::size_t running, Time now) const {
    return now >= paused_until_ && static_cast<double>(running) + 1 <= allowed_;
  }
  void served();
  void refused(Time now);
  Time paused_until() const { return paused_until_; }
  double allowed() const { return allowed_; }

 private:
  double most_, allowed_;
  bool cut_before_ = false;
  Time cut_at_{}, paused_until_{};
  Duration pause_ = kFirstPause;
};

class Run {
 public:
  static constexpr Duration kLongestWait = std::chrono::seconds(60);  ///< then a line without room asks again

  /// `lines` requests, those of `finished` not again. `most` at once.
  Run(std::size_t lines, const std::vector<std::size_t>& finished, std::size_t most);

  /// The next line to ask for now; it is under way then. nullopt: none now.
  std::optional<std::size_t> next(Time now);
  /// A line's answer. For `waits` and `again` it comes back by next(), later.
  void answered(std::size_t line, Fate fate, std::optional<Duration> retry_after, Time now);
  /// How often something broke on that line.
  int broken(std::size_t line) const;

  std::size_t running() const { return running_; }
  bool finished() const { return left_ == 0; }
  std::size_t left() const { return left_; }  ///< those under way included
  const Pace& pace() const { return pace_; }

 private:
  using Waiting = std::pair<Time, std::size_t>;
  std::vector<bool> finished_;
  std::size_t fresh_ = 0, left_ = 0, running_ = 0;
  std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> waiting_;
  std::map<std::size_t, int> broken_;
  Pace pace_;
};

}  // namespace troupe::batch
