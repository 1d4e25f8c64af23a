#include "actors/policy/rate_window.hpp"

#include <algorithm>
#include <limits>

namespace troupe::policy {
namespace {

constexpr std::int64_t kGrains = 240;
constexpr Duration kUnknownReset = std::chrono::minutes(1);

}  // namespace

Duration RateWindow::default_guard(Duration span) {
  return std::chrono::milliseconds(250) + span / 2000;
}

RateWindow::RateWindow(Duration span, std::int64_t limit, Duration guard)
    : span_(span), guard_(guard), grain_(std::max(Duration(1), span / kGrains)), configured_(limit) {}

std::int64_t RateWindow::limit() const {
  if (configured_ == 0) return 0;
  return std::min({configured_, learned_.value_or(configured_), capped_.value_or(configured_)});
}

void RateWindow::expire(Time now) const {
  while (!cooling_.empty() && leaves(cooling_.front()) <= now) {
    cooling_sum_ -= cooling_.front().amount;
    cooling_.pop_front();
  }
}

Time RateWindow::earliest(std::int64_t amount, Time now) const {
  expire(now);
  const Time open = std::max(now, closed_until_);
  const auto most = limit();
  if (most == 0 || amount == 0) return open;
  if (amount > most) return kNever;
  auto lacking = cooling_sum_ + reserved_ + withheld(now) + amount - most;
  if (lacking <= 0) return open;
  auto others = withheld(now);
  const auto others_leave = [&] {
    lacking -= others;
    others = 0;
    return lacking <= 0;
  };
  for (const auto& entry : cooling_) {
    if (others > 0 && withheld_until_ <= leaves(entry) && others_leave())
      return std::max(open, withheld_until_);
    lacking -= entry.amount;
    if (lacking <= 0) return std::max(open, leaves(entry));
  }
  if (others > 0 && others_leave()) return std::max(open, withheld_until_);
  return std::max(open, now + span_ + guard_);
}

bool RateWindow::held_back(std::int64_t amount, Time now) const {
  if (closed_until_ > now || amount > limit()) return false;
  return available(now) + reserved_ >= amount;
}

bool RateWindow::admit(std::int64_t amount, Time now) {
  if (!fits(amount, now)) return false;
  reserve(amount);
  return true;
}

void RateWindow::settle(std::int64_t reserved, std::int64_t used, Time seen, Time now) {
  expire(now);
  reserved_ -= reserved;
  cool(used, std::min(seen, now));
  expire(now);
}

void RateWindow::cool(std::int64_t amount, Time seen) {
  if (amount <= 0) return;
  const auto bucket = seen.time_since_epoch() / grain_;
  cooling_sum_ += amount;
  auto place = cooling_.end();
  while (place != cooling_.begin() && std::prev(place)->bucket > bucket) --place;
  if (place == cooling_.begin() || std::prev(place)->bucket < bucket) {
    cooling_.insert(place, Cooling{bucket, seen, amount});
    return;
  }
  auto& entry = *std::prev(place);
  entry.newest = std::max(entry.newest, seen);
  entry.amount += amount;
}

void RateWindow::close_until(Time until) {
  closed_until_ = std::max(closed_until_, until);
}

void RateWindow::learn(const WindowTruth& truth, Time now) {
  if (truth.limit && *truth.limit > 0) learned_ = truth.limit;
  if (truth.remaining) withhold(truth, now);
}

void RateWindow::withhold(const WindowTruth& truth, Time now) {
  remaining_ = std::max<std::int64_t>(0, *truth.remaining);
  const Time until = now + std::min(truth.reset.value_or(kUnknownReset), span_ + guard_);
  withheld_ = 0;
  if (configured_ == 0) {
    if (*remaining_ == 0) close_until(until);
    return;
  }
  withheld_ = std::max<std::int64_t>(0, available(now) - *remaining_);
  withheld_until_ = until;
}

void RateWindow::forget_provider() {
  learned_.reset();
  remaining_.reset();
  capped_.reset();
  withheld_ = 0;
  closed_until_ = Time::min();
}

std::int64_t RateWindow::available(Time now) const {
  expire(now);
  if (limit() == 0) return std::numeric_limits<std::int64_t>::max() / 2;
  return std::max<std::int64_t>(0, limit() - cooling_sum_ - reserved_ - withheld(now));
}

double RateWindow::headroom(Time now) const {
  if (closed_until_ > now) return 0;
  const auto most = configured_ != 0 ? limit() : learned_.value_or(0);
  if (most == 0) return 1;
  expire(now);
  const auto left = most - cooling_sum_ - reserved_ - withheld(now);
  return std::clamp(static_cast<double>(left) / static_cast<double>(most), 0.0, 1.0);
}

std::int64_t RateWindow::used(Time now) const {
  expire(now);
  return cooling_sum_;
}

WindowView RateWindow::view(std::string_view name, Time now) const {
  expire(now);
  WindowView view{name, limit(), configured_, learned_, remaining_, cooling_sum_, reserved_, withheld(now)};
  if (!cooling_.empty()) view.resets = leaves(cooling_.back());
  view.closed_until = closed_until_;
  return view;
}

}  // namespace troupe::policy
