#pragma once
// The last requests of one I/O thread, for GET /requests.
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "gateway/admin/request_record.hpp"

namespace troupe::admin {

using SharedRecord = std::shared_ptr<const RequestRecord>;

/// One thread puts, any thread reads.
///
/// Why a mutex: records are put after the answer has left, so nobody waits for this code, and the reader
/// holds the lock only to copy pointers (some 10 us for 1000). Why try_lock: even that wait would be felt by
/// the other requests of the thread; a record that meets a reader waits in `pending_` for the next put, which
/// only makes it visible a moment later. Only when kPending have met readers in a row does the writer wait.
class Ring {
 public:
  static constexpr std::size_t kPending = 64;
  explicit Ring(std::size_t size);
  /// The owner thread's. The oldest record makes room.
  void put(SharedRecord record);
  /// Any thread's: appends all records, in no order.
  void copy_to(std::vector<SharedRecord>& out) const;

 private:
  void flush();
  mutable std::mutex mutex_;
  std::vector<SharedRecord> slots_;  ///< guarded
  std::size_t next_ = 0;             ///< guarded
  std::vector<SharedRecord> pending_;
};

}  // namespace troupe::admin
