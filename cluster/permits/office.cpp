#include "cluster/permits/office.hpp"

#include <algorithm>

namespace troupe::cluster {
namespace {

constexpr std::size_t kRounds = 16;       // unanswered rounds that are remembered
constexpr std::size_t kLongLog = 20000;   // a voter that is further behind gets the whole account
constexpr std::size_t kPerAppend = 2000;  // changes in one message
constexpr Duration kResend = std::chrono::milliseconds(150);
constexpr Duration kPause = std::chrono::milliseconds(5);  // between two messages with changes

}  // namespace

Office::Office(Epoch epoch, Lineage lineage, const std::vector<NodeName>& voters, Timing timing, Asked asked)
    : epoch_(std::move(epoch)),
      lineage_(lineage),
      timing_(timing),
      until_(time_of(asked) + at_least(timing.office, timing, -4)) {
  for (const auto& voter : voters) copies_.try_emplace(voter);
}

std::uint64_t Office::record(Change change) {
  log_.push_back(std::move(change));
  return ++last_;
}

void Office::count_round(const NodeName& from, Asked asked) {
  const auto round = rounds_.find(asked);
  if (round == rounds_.end()) return;
  round->second.insert(from);
  if (round->second.size() * 2 <= copies_.size()) return;
  until_ = std::max(until_, time_of(asked) + at_least(timing_.office, timing_, -4));
}

void Office::count_commit() {
  std::vector<std::uint64_t> acked;
  for (const auto& [name, copy] : copies_) acked.push_back(copy.synced ? copy.acked : 0);
  const auto middle = acked.begin() + static_cast<std::ptrdiff_t>(acked.size() / 2);
  std::nth_element(acked.begin(), middle, acked.end(), std::greater<>());
  committed_ = std::max(committed_, *middle);
}

void Office::trim() {
  auto keep = last_ + 1;
  for (const auto& [name, copy] : copies_) {
    if (copy.synced) keep = std::min(keep, copy.acked + 1);
  }
  for (; first_ < keep; ++first_) log_.pop_front();
  if (log_.size() <= kLongLog) return;
  for (auto& [name, copy] : copies_) {
    if (copy.acked + kLongLog / 2 < last_) copy.synced = false;
  }
}

void Office::hear(const NodeName& from, const Ack& message, Time now) {
  const auto found = copies_.find(from);
  if (found == copies_.end() || message.epoch != epoch_) return;
  auto& copy = found->second;
  if (message.incarnation < copy.incarnation) return;
  if (message.incarnation > copy.incarnation) copy = Copy{message.incarnation, 0, 0, false, now, kLongAgo};
  count_round(from, message.asked);
  if (message.whole_wanted) {
    if (message.asked >= asked_at(copy.progress)) copy.synced = false;
  } else if (copy.synced ? message.seq > copy.acked : message.seq + 1 >= first_) {
    copy.acked = std::max(copy.acked, message.seq);
    copy.sent = std::max(copy.sent, copy.acked);
    copy.synced = true;
    copy.progress = now;
  }
  count_commit();
  trim();
}

Append Office::next_for(Copy& copy, const Table& table, Time now) const {
  Append message{epoch_, asked_at(now), copy.incarnation, lineage_, last_ + 1, {}, {}};
  if (!copy.synced) {
    if (copy.incarnation && now - copy.whole_sent >= kResend) {
      message.whole = table.snapshot(now);
      copy.whole_sent = now;
      copy.sent = last_;
    }
    return message;
  }
  if (copy.sent > copy.acked && now - copy.progress >= kResend) {
    copy.sent = copy.acked;
    copy.progress = now;
  }
  message.first = copy.sent + 1;
  const auto from = log_.begin() + static_cast<std::ptrdiff_t>(message.first - first_);
  const auto count = std::min(kPerAppend, static_cast<std::size_t>(log_.end() - from));
  message.changes.assign(from, from + static_cast<std::ptrdiff_t>(count));
  if (copy.sent == copy.acked) copy.progress = now;
  copy.sent += count;
  return message;
}

bool Office::due(Time now) const {
  if (now - sent_ >= timing_.renew) return true;
  if (copies_.size() == 1) return last_ > sent_last_ || committed_ < last_;
  if (now - sent_ < kPause) return false;
  if (last_ > sent_last_) return true;
  return std::any_of(copies_.begin(), copies_.end(), [&](const auto& entry) {
    const auto& copy = entry.second;
    if (!copy.synced) return copy.incarnation && now - copy.whole_sent >= kResend;
    return copy.acked < last_ && (copy.sent < last_ || now - copy.progress >= kResend);
  });
}

void Office::flush(const Table& table, Time now, Outbox& out) {
  if (!holds(now) || !due(now)) return;
  sent_ = now;
  sent_last_ = last_;
  rounds_.try_emplace(asked_at(now));
  if (rounds_.size() > kRounds) rounds_.erase(rounds_.begin());
  for (auto& [name, copy] : copies_) out.push_back({name, next_for(copy, table, now)});
}

}  // namespace troupe::cluster
