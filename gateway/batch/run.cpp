#include "gateway/batch/run.hpp"

#include <algorithm>

namespace troupe::batch {

void Pace::served() {
  allowed_ = std::min(most_, allowed_ + (cut_before_ ? 1 / allowed_ : 1));
  pause_ = kFirstPause;
}

void Pace::refused(Time now) {
  if (!cut_before_ || now - cut_at_ >= kOneCut) {
    allowed_ = std::max(1.0, allowed_ / 2);
    cut_at_ = now;
  }
  cut_before_ = true;
  if (now < paused_until_) return;  // one of those that were under way already
  paused_until_ = now + pause_;
  pause_ = std::min(kLongestPause, pause_ * 2);
}

Run::Run(std::size_t lines, const std::vector<std::size_t>& finished, std::size_t most)
    : finished_(lines), left_(lines), pace_(std::max<std::size_t>(1, most)) {
  for (const auto line : finished) {
    if (line >= lines || finished_[line]) continue;
    finished_[line] = true;
    --left_;
  }
}

std::optional<std::size_t> Run::next(Time now) {
  if (!pace_.open(running_, now)) return std::nullopt;
  if (!waiting_.empty() && waiting_.top().first <= now) {
    const auto line = waiting_.top().second;
    waiting_.pop();
    ++running_;
    return line;
  }
  while (fresh_ < finished_.size() && finished_[fresh_]) ++fresh_;
  if (fresh_ >= finished_.size()) return std::nullopt;
  ++running_;
  return fresh_++;
}

void Run::answered(std::size_t line, Fate fate, std::optional<Duration> retry_after, Time now) {
  --running_;
  const auto asked = std::min(retry_after.value_or(std::chrono::seconds(1)), kLongestWait);
  switch (fate) {
    case Fate::good:
      pace_.served();
      [[fallthrough]];
    case Fate::bad:
      finished_[line] = true;
      --left_;
      broken_.erase(line);
      return;
    case Fate::waits:
      pace_.refused(now);
      return waiting_.emplace(now + asked, line);
    case Fate::again:
      return waiting_.emplace(now + std::chrono::seconds(1 << std::min(4, ++broken_[line])), line);
  }
}

int Run::broken(std::size_t line) const {
  const auto found = broken_.find(line);
  return found == broken_.end() ? 0 : found->second;
}

}  // namespace troupe::batch
