#pragma once
// The ledger's thread: takes writes and expenses from any thread, brings them to disk in batches.
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cluster/ledger/store.hpp"

namespace troupe::ledger {

/// Something is on disk.
struct Landed {
  std::uint64_t last = 0;  ///< everything up to this write
  std::map<money::BudgetId, money::Picos> settled;
};

/// All functions may be called from any thread and do not wait for the disk, unless said. Calls are gathered
/// for up to 10 ms, writes go to disk at once with what is there. When the disk
/// refuses (full, broken) everything is kept and tried again each second: nobody is told that it landed, so
/// that purses run dry and no money is spent that could be forgotten.
class Ledger {
 public:
  /// `landed` is called on the ledger's thread after each sync.
  static Result<std::unique_ptr<Ledger>> open(const std::filesystem::path& dir, money::LedgerId fresh,
                                              std::function<void(const Landed&)> landed);
  /// Writes what is left, unless the disk refuses.
  virtual ~Ledger() = default;

  /// As it was found on the disk.
  virtual const money::Image& image() const = 0;
  /// `last` is the number of the newest write.
  virtual void write(std::vector<money::Write> writes, std::uint64_t last) = 0;
  virtual void spend(Entry entry) = 0;
  /// Waits until everything that was given before is on disk; false when the disk refuses.
  virtual bool flush() = 0;
  /// Shows what was spent by day and by whom, as it is on disk; what comes in meanwhile waits in memory.
  virtual void costs(const std::function<void(const CostBook&)>& look) const = 0;
  /// What the disk says, while it refuses.
  virtual std::optional<std::string> trouble() const = 0;
};

}  // namespace troupe::ledger
