#pragma once
// The voter's memory as a file: it outlives the process, not the machine's boot.
#include <filesystem>
#include <fstream>

#include "cluster/permits/memory.hpp"
#include "core/time.hpp"

namespace troupe::cluster {

/// Owns `DIR/account`. Nothing is synced to the disk: what was written survives the end of the process
/// whatever ends it, and after a reboot the file does not count, because the clock that its times are of has
/// begun anew. A file of another boot, another protocol version, with a damaged record, or of a clock that
/// went faster than the calendar since, is forgotten as a whole; a record that was cut short by the end of
/// the process was never acknowledged, and is dropped.
///
/// When a record cannot be written the file is removed: then the next process remembers nothing, which is
/// safe. When that fails too, `keep` is false, and the voter says no more.
class Notebook final : public Memory {
 public:
  /// `boot` names the machine's boot. `clock` outlives this. Makes the directory where it is missing.
  Notebook(const std::filesystem::path& dir, std::string boot, const Clock& clock);

  std::vector<Kept> recall(Time now) override;
  bool keep(const Kept& kept) override;
  bool replace(const Kept& image) override;

 private:
  std::string header() const;
  std::string record(const Kept& kept) const;
  bool plausible(Time at, std::int64_t wall, Time now) const;
  std::vector<Kept> read(Time now);
  bool forget();

  std::filesystem::path file_;
  std::string boot_;
  const Clock& clock_;
  std::ofstream out_;  ///< open while the file holds everything that was kept
};

}  // namespace troupe::cluster
