#pragma once
// The last requests of one I/O thread, for GET /requests.
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "gateway/admin/request_record.hpp"

namespace troupe::admin {

using SharedRecord = std::shared_ptr<const RequestRecord>;

/// One thread puts, any thread reads; whoever reads sees everything that was put before.
///
/// Why a mutex: records are put after the answer has left, so nobody waits for this code, and the reader
/// holds the lock only to copy pointers (some 10 us for 1000). Why try_lock: even that wait would be felt by
/// the other requests of the thread; a record that meets a reader waits in `pending_`, which has a lock of
/// its own that is held for a moment only, for the next put or the next reader, whichever comes first. Only
/// when kPending have met readers in a row does the writer wait.
class Ring {
 public:
  static constexpr std::size_t kPending = 64;
  explicit Ring(std::size_t size);
  /// The owner thread's. The oldest record makes room.
  void put(SharedRecord record);
  /// Any thread's: appends all records, in no order.
  void copy_to(std::vector<SharedRecord>& out) const;

 private:
  bool wait(SharedRecord record);
  /// With `mutex_`, which is locked before `pending_mutex_`.
  void flush() const;

  mutable std::mutex mutex_;
  mutable std::vector<SharedRecord> slots_;  ///< guarded
  mutable std::size_t next_ = 0;             ///< guarded
  mutable std::mutex pending_mutex_;
  mutable std::vector<SharedRecord> pending_;  ///< guarded by pending_mutex_
};

}  // namespace troupe::admin
