#pragma once
// The files and batches of one node: answers what is asked of them, takes uploads, works through batches.
// Blocks on the disk; one thread at a time. Service gives it that thread.
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "config/types.hpp"
#include "core/random.hpp"
#include "core/time.hpp"
#include "gateway/batch/ids.hpp"
#include "gateway/batch/job.hpp"
#include "gateway/batch/question.hpp"
#include "gateway/batch/store.hpp"

namespace troupe::batch {

inline constexpr std::size_t kMostFiles = 1000, kMostBatches = 1000;  ///< of one tenant, on one node
inline constexpr std::size_t kMostUploads = 64;                       ///< at once
inline constexpr std::size_t kMostUnderWay = 512;                     ///< lines of all batches

/// What a form said of its file.
struct Upload {
  Owner owner;
  std::string filename, purpose;
  std::optional<Second> keep;  ///< seconds; never longer than batches.keep
};

/// Counted since the start, but `active`: batches that are not over.
struct Figures {
  std::atomic<std::uint64_t> good{0}, bad{0}, waits{0}, again{0};
  std::atomic<std::uint64_t> active{0}, running{0}, files{0};
};

/// What a client is told of an error of the disk: 503 without its paths.
Answer disk_trouble(const Error& error);

class Office {
 public:
  struct Options {
    std::string node;
    const Clock* clock = nullptr;
    std::uint64_t seed = 1;
    config::Batches batches;
    std::function<void(Work)> call;  ///< answered by answered(), later
    Figures* figures = nullptr;
  };
  Office(Options options, Store store);

  Answer answer(const Question& question);

  /// An upload's name for the calls below. Whatever fails ends it.
  Result<std::string> begin_upload();
  Result<void> append(const std::string& upload, std::string_view bytes);
  Result<File> commit(const std::string& upload, const Upload& about);
  void abandon(const std::string& upload);

  void answered(const std::string& batch, std::size_t line, const LineAnswer& answer);
  /// A piece of work on batches; true when more could be done at once.
  bool work();
  /// While on, no line is started; those under way are answered.
  void set_draining(bool on) { draining_ = on; }
  void configure(const config::Batches& batches);
  bool idle() const { return jobs_.empty(); }
  /// Files and batches as rows for operators: ids, owners, counts; never a content.
  Json view() const;

 private:
  struct Incoming {
    DiskFile file;
    std::uint64_t bytes = 0;
  };
  const File* file_of(const Question& question) const;
  const Batch* batch_of(const Question& question) const;
  Batch seen(const Batch& batch) const;
  Answer list(const Question& question) const;
  Answer read(const Question& question) const;
  Answer drop(const Question& question);
  Answer make(const Question& question);
  Answer cancel(const Question& question);
  bool in_use(const std::string& file) const;
  bool start_lines();
  void forget_old();
  Second now() const;
  std::string name(Kind kind);
  std::size_t under_way() const;
  void count();

  Options options_;
  Store store_;
  Random random_;
  Shop shop_;
  std::map<std::string, std::unique_ptr<Job>> jobs_;
  std::map<std::string, Incoming> uploads_;
  std::string turn_;  ///< the batch whose line was started last
  Time swept_{};
  bool draining_ = false;
};

}  // namespace troupe::batch
