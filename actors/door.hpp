#pragma once
// Where the current handle of a restartable actor hangs. Internal to actors/.
#include <atomic>
#include <list>
#include <utility>

namespace troupe::actors {

/// One writer (the supervisor), any number of readers, no lock: readers may use a handle that was replaced a
/// moment ago, so replaced handles are kept until close(). Restarts are few and counted.
template <class Handle>
class Door {
 public:
  /// nullptr before the first publish() and after close(). Valid until close().
  const Handle* handle() const { return current_.load(std::memory_order_seq_cst); }

  void publish(Handle handle) {
    all_.push_back(std::move(handle));
    current_.store(&all_.back(), std::memory_order_seq_cst);
  }

  /// When nobody reads any more: lets go of every handle.
  void close() {
    current_.store(nullptr, std::memory_order_seq_cst);
    all_.clear();
  }

 private:
  std::list<Handle> all_;
  std::atomic<const Handle*> current_{nullptr};
};

}  // namespace troupe::actors
