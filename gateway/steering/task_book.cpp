#include "gateway/steering/task_book.hpp"

#include <algorithm>
#include <utility>

#include "core/hash.hpp"

namespace troupe::steering {

std::uint64_t TaskBook::number(const std::string& model, const std::string& text) {
  return fnv1a(text, fnv1a("\xFF", fnv1a(model)));
}

std::optional<std::string> TaskBook::known(std::uint64_t number, Time now) const {
  const auto found = index_.find(number);
  if (found == index_.end() || found->second->until <= now) return std::nullopt;
  return found->second->task;
}

void TaskBook::answered(std::uint64_t number, std::string task, Time now) {
  failures_ = 0;
  pause_ = Duration::zero();
  paused_until_ = Time::min();
  if (const auto found = index_.find(number); found != index_.end()) {
    entries_.erase(found->second);
    index_.erase(found);
  }
  if (entries_.size() >= kMost) {
    index_.erase(entries_.back().number);
    entries_.pop_back();
  }
  entries_.push_front({number, std::move(task), now + kKept});
  index_.emplace(number, entries_.begin());
}

/// Those that were under way together count once: the pause has begun by then.
void TaskBook::failed(Time now) {
  if (!may_ask(now) || ++failures_ < kFailures) return;
  pause_ = pause_ == Duration::zero() ? kPause : std::min(kLongestPause, 2 * pause_);
  paused_until_ = now + pause_;
}

void TaskBook::forget() {
  *this = TaskBook();
}

}  // namespace troupe::steering
