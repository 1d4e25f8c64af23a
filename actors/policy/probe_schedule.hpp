#pragma once
// When which key gets an active probe: a small call of our own, so that no caller has to find out that it
// works again.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/types.hpp"
#include "core/random.hpp"
#include "core/time.hpp"

namespace troupe::policy {

/// What is to be known of a key that may be probed.
struct ProbeView {
  std::string_view key;
  bool healthy = true;           ///< its breaker is closed
  Time last_call = Time::min();  ///< a permit was granted last; also to a probe
};

enum class ProbeEnd : std::uint8_t { passed, failed, skipped };

/// Keys whose breaker is open, half-open or dead are probed each `every` +-20 %, from when they fell ill;
/// after one that passed, each second, until the breaker has closed. Healthy keys only with `idle`, and only
/// when nobody called them for that long. At most kTogether at once; each key at most once at a time. A
/// value; not thread-safe.
class ProbeSchedule {
 public:
  static constexpr std::size_t kTogether = 16;
  /// A probe of which nobody told the end is forgotten after so long.
  static constexpr Duration kLongest = std::chrono::minutes(2);

  /// The next key to probe, as a position in `keys`; it is under way until done(). Keys that are in `keys` no
  /// more are forgotten.
  std::optional<std::size_t> next(const config::Probes& settings, const std::vector<ProbeView>& keys,
                                  Time now, Random& random);
  /// How the probe of `key` ended.
  void done(const config::Probes& settings, std::string_view key, ProbeEnd end, Time now, Random& random);
  /// When `key` is due, all else unchanged; nullopt: unknown, or under way.
  std::optional<Time> due(std::string_view key) const;
  void clear() { entries_.clear(); }

 private:
  struct Entry {
    bool healthy = true;
    Time since;      ///< of the state it is in, or of the last probe's end
    Duration pause;  ///< from then to the next probe
    Time last_call = Time::min();
    std::optional<Time> out_since;  ///< under way
    Time due() const { return (healthy ? std::max(since, last_call) : since) + pause; }
  };
  void look(const config::Probes& settings, const std::vector<ProbeView>& keys, Time now, Random& random);
  std::size_t under_way(Time now);

  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace troupe::policy
