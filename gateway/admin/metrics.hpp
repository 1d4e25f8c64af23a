#pragma once
// Everything that is counted about requests: per-thread numbers, the access log and the recent requests.
#include <cstddef>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "config/types.hpp"
#include "core/time.hpp"
#include "gateway/admin/observer.hpp"
#include "gateway/admin/request_record.hpp"
#include "gateway/admin/ring.hpp"
#include "gateway/admin/shard.hpp"
#include "gateway/admin/vocabulary.hpp"

namespace troupe::admin {

struct TelemetryOptions {
  std::string node = "node-1";
  std::size_t threads = 1;
  std::size_t ring = 1000;  ///< recent requests kept per thread; each holds about 1 kB
  bool access_log = true;
  const Clock* clock = nullptr;  ///< nullptr: the machine's
};

/// Narrows GET /requests; empty fields match everything.
struct RecordFilter {
  std::string model, tenant, fault;  ///< fault: a name, or its beginning ("provider_")
  std::string status;                ///< "429", or a class: "4xx"
  std::size_t limit = 100;           ///< newest first
};

/// Owned by app; outlives the I/O threads.
class Telemetry {
 public:
  explicit Telemetry(TelemetryOptions options);
  ~Telemetry();

  /// The verbs of one I/O thread; to be called on that thread only.
  Observer& observer(std::size_t thread);

  /// Names of this configuration may be metric labels from now on; the others are "other". Thread-safe; call
  /// at start and after each reload. Keeps the older vocabularies (some kB each) until the end.
  void know(const config::Config& config);

  // All below: any thread.
  Totals totals() const;
  std::vector<SharedRecord> recent(const RecordFilter& filter) const;
  SharedRecord find(std::string_view id) const;  ///< nullptr when it is no longer, or was never, there
  /// Calls `see(shard)` for each thread's numbers.
  template <class See>
  void each(See see) const {
    for (const auto& shard : shards_) see(*shard);
  }
  const TelemetryOptions& options() const { return options_; }
  WallTime started() const { return started_; }

 private:
  class Thread;
  TelemetryOptions options_;
  WallTime started_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<std::unique_ptr<Ring>> rings_;
  std::vector<std::unique_ptr<Thread>> observers_;
  std::atomic<const Vocabulary*> known_;
  std::mutex learning_;
  std::vector<std::unique_ptr<const Vocabulary>> vocabularies_;  ///< guarded by learning_
};

}  // namespace troupe::admin
