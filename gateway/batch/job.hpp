#pragma once
// One batch on its way: validated, worked through, put together. It owns the batch's journal; what is
// finished stands there before it is counted.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/random.hpp"
#include "core/time.hpp"
#include "gateway/batch/finish.hpp"
#include "gateway/batch/input.hpp"
#include "gateway/batch/journal.hpp"
#include "gateway/batch/run.hpp"
#include "gateway/batch/store.hpp"

namespace troupe::batch {

/// A line that shall be called now.
struct Work {
  std::string batch;
  std::size_t line = 0;
  Owner owner;
  std::string url, body;
};

/// What all batches of a node share.
struct Shop {
  Store& store;
  const Clock& clock;
  Random& random;
  std::string node;
  std::size_t concurrency = 64;             ///< of one batch
  Duration keep = std::chrono::hours(720);  ///< of what is made
  std::function<void(Work)> call;           ///< answered by Job::answered(), later
  std::function<void(Fate)> tally = {};
};

class Job {
 public:
  static constexpr Duration kSync = std::chrono::milliseconds(200);  ///< the journal is on the disk so soon
  static constexpr Duration kRepair = std::chrono::seconds(5);       ///< until the disk is tried again

  Job(Shop& shop, std::string id) : shop_(shop), id_(std::move(id)) {}

  /// A piece of the work on the disk; false when there is none now.
  bool step();
  /// Starts one line; false when none may start now.
  bool start_line();
  void answered(std::size_t line, const LineAnswer& answer);
  /// No line is started any more; what is finished will be put together.
  void cancel();
  /// It is completed, failed, expired or cancelled, and on the disk.
  bool over() const;
  std::size_t running() const;
  /// The batch as it is now.
  Batch seen() const;

 private:
  struct Reading {  ///< the journal, after a restart
    DiskFile journal;
    JournalReader reader;
    std::uint64_t at = 0;
  };
  struct Running {
    Run run;
    DiskFile journal;
    std::uint64_t length = 0;
    std::vector<Entry> entries;
    std::string unwritten;  ///< records that the disk would not take yet
    std::optional<Time> dirty = {};
    std::map<std::size_t, std::string> names = {};  ///< of lines under way: their custom_id
  };
  using Phase = std::variant<std::monostate, Input, Reading, Running, Finish>;

  Result<bool> advance();
  Result<bool> open();
  Result<bool> validate(Input& input);
  Result<bool> read(Reading& reading);
  Result<bool> work(Running& running);
  Result<bool> finish(Finish& finish);
  Result<void> begin_finish(Running& running);
  Result<void> keep_outputs(const Finish& finish);
  Result<Line> line_of(std::size_t line) const;
  Result<void> put(Batch batch);
  void record(Running& running, std::size_t line, bool good, const std::string& text);
  Result<void> write_down(Running& running);
  Second now() const;
  Duration left() const;

  Shop& shop_;
  const std::string id_;
  Phase phase_;
  std::optional<DiskFile> input_;
  std::vector<Span> lines_;
  Counts counts_;
  Time repair_at_{};
};

}  // namespace troupe::batch
