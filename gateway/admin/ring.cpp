#include "gateway/admin/ring.hpp"

#include <algorithm>
#include <utility>

namespace troupe::admin {

Ring::Ring(std::size_t size) : slots_(std::max<std::size_t>(size, 1)) {
  pending_.reserve(kPending);
}

/// True when so many wait that the writer has to.
bool Ring::wait(SharedRecord record) {
  const std::lock_guard lock(pending_mutex_);
  pending_.push_back(std::move(record));
  return pending_.size() >= kPending;
}

void Ring::put(SharedRecord record) {
  const bool full = wait(std::move(record));
  std::unique_lock lock(mutex_, std::defer_lock);
  if (full) {
    lock.lock();
  } else if (!lock.try_lock()) {
    return;
  }
  flush();
}

void Ring::flush() const {
  const std::lock_guard lock(pending_mutex_);
  for (auto& record : pending_) {
    slots_[next_] = std::move(record);
    next_ = (next_ + 1) % slots_.size();
  }
  pending_.clear();
}

void Ring::copy_to(std::vector<SharedRecord>& out) const {
  const std::lock_guard lock(mutex_);
  flush();
  for (const auto& record : slots_)
    if (record) out.push_back(record);
}

}  // namespace troupe::admin
