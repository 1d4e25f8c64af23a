#pragma once
// When this node last ran: a file that is written each second.
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "core/time.hpp"

namespace troupe::cluster {

/// One moment as a process can compare it with an earlier one's: the calendar, and, within one boot of the
/// machine, the clock that nobody sets.
struct Moment {
  WallTime wall;
  std::string boot;       ///< names the boot
  Duration since_boot{};  ///< includes sleep
};

/// Now, from the machine (boot_id and CLOCK_BOOTTIME of Linux).
Moment this_moment(const Clock& clock);

/// Owns `DIR/last_run`. Not thread-safe.
class LastRun {
 public:
  /// Makes the directory where it is missing. An empty one keeps nothing.
  explicit LastRun(std::filesystem::path dir);

  /// How long ago the node last ran, at most; nullopt: never in this store. Zero when it cannot be told: a
  /// file that is damaged, or a calendar that went back.
  std::optional<Duration> age(const Moment& now) const;
  /// False when the file could not be written. `durably`: a power cut does not lose it.
  bool touch(const Moment& now, bool durably = false) const;
  /// Whether touch() could work. Leaves nothing behind.
  bool writable() const;
  bool keeps() const { return !file_.empty(); }

 private:
  std::filesystem::path file_;
};

}  // namespace troupe::cluster
