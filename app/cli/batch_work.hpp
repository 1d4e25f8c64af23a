#pragma once
// The lines of a batch file and what is finished of them, on this side of the wire: a journal beside the
// output says after a crash what is left.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/cli/batch_progress.hpp"
#include "gateway/batch/disk.hpp"
#include "gateway/batch/finish.hpp"
#include "gateway/batch/input.hpp"
#include "gateway/batch/journal.hpp"
#include "gateway/batch/run.hpp"

namespace troupe::cli {

struct BatchOptions {
  std::string file, out, key, model;
  std::string wait = "1h";  ///< how long a line may be told to wait before it counts as failed
  int concurrency = 16;
  bool resume = false;
  /// Where finished lines are noted: OUT.partial.
  std::string partial() const { return out + ".partial"; }
};

/// Thread-safe but for open() and finish().
class BatchWork {
 public:
  /// Reads and checks the whole file, and the journal of an earlier run where `resume` says so. Fails with
  /// what to do about it; a line for each mistake of the file.
  static tl::expected<std::unique_ptr<BatchWork>, std::string> open(const BatchOptions& options);

  struct Line {
    std::size_t number = 0;
    batch::Line what;
  };
  /// The next line to send; waits for one while others are under way. nullopt: there is none any more, or
  /// stop() was called.
  std::optional<Line> next();
  void answered(const Line& line, const batch::LineAnswer& answer, const Spent& spent);
  /// No further line is handed out.
  void stop();
  bool stopped() const;
  bool finished() const;
  Progress progress() const;
  /// What the disk said, where it did not take a record.
  std::string trouble() const;
  /// The output in the input's order, in place of the journal.
  Result<void> finish();

 private:
  BatchWork(BatchOptions options, batch::DiskFile input, batch::DiskFile journal)
      : options_(std::move(options)), input_(std::move(input)), journal_(std::move(journal)) {}
  tl::expected<void, std::string> read_journal();
  Result<batch::Line> line_at(std::size_t number) const;
  void record(std::size_t number, bool good, const std::string& text);

  const BatchOptions options_;
  batch::DiskFile input_, journal_;
  std::vector<batch::Span> lines_;
  std::vector<batch::Entry> entries_;
  std::uint64_t length_ = 0;
  Duration wait_ = std::chrono::hours(1);
  Time began_{};

  mutable std::mutex mutex_;  ///< all below, and the entries
  std::condition_variable changed_;
  std::optional<batch::Run> run_;
  Progress progress_;
  std::string trouble_;
  bool stopped_ = false;
};

}  // namespace troupe::cli
