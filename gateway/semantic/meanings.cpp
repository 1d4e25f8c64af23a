#include "gateway/semantic/meanings.hpp"

#include <algorithm>
#include <utility>

namespace troupe::semantic {
namespace {

constexpr Duration kLongest = std::chrono::hours(24 * 366);  // a sum of times does not overflow

}  // namespace

std::optional<Meanings::Found> Meanings::find(std::string_view group, const Question& question,
                                              const Vector& vector, Duration max_age, Time now) {
  const auto known = groups_.find(group);
  if (known == groups_.end()) return std::nullopt;
  const auto frame = known->second.frames.find(question.frame);
  if (frame == known->second.frames.end()) return std::nullopt;
  const auto marks = marks_of(question.text);
  std::vector<std::uint64_t> old;
  std::optional<Found> found;
  for (const auto& [id, score] : frame->second.near(vector, kLooks)) {
    if (score < settings_.threshold) break;
    auto& item = items_.at(id);
    if (item.until <= now) {
      old.push_back(id);
      continue;
    }
    if (now - item.born > max_age) continue;
    if (settings_.guard && !forbids(marks, item.marks).empty()) {
      ++forbidden_;
      continue;
    }
    ++hits_;
    auto& share = share_of(item);
    ++share.hits;
    share.saved_picos += item.entry->picos;
    found = {item.entry, std::min(score, 1.0F), now - item.born};
    break;
  }
  for (const auto id : old) remove(id);
  return found;
}

void Meanings::put(std::string_view group, const Question& question, Vector vector, cache::EntryPtr entry,
                   Duration ttl, Time now) {
  if (!entry || ttl <= Duration::zero() || vector.empty()) return;
  auto known = groups_.find(group);
  if (known == groups_.end()) {
    if (groups_.size() >= kGroups) return;
    known = groups_.emplace(group, Group{}).first;
  }
  auto& order = known->second.order;
  while (!order.empty() && items_.at(order.front()).until <= now) remove(order.front());
  for (; order.size() >= std::max<std::size_t>(1, settings_.max_entries); ++evicted_) remove(order.front());
  auto& index = known->second.frames.try_emplace(question.frame, vector.size()).first->second;
  if (index.dimensions() != vector.size()) return;  // another embedder's, until they are gone
  const auto id = next_++;
  order.push_back(id);
  Item item{known, std::prev(order.end()),       question.frame, marks_of(question.text), std::move(entry), 0,
            now,   now + std::min(ttl, kLongest)};
  item.size = item.entry->size() + vector.size() * sizeof(float) + 2 * question.text.size();
  index.add(id, std::move(vector));
  bytes_ += item.size;
  auto& share = share_of(item);
  ++share.entries;
  share.bytes += item.size;
  items_.emplace(id, std::move(item));
}

void Meanings::remove(std::uint64_t id) {
  const auto found = items_.find(id);
  if (found == items_.end()) return;
  auto& item = found->second;
  auto& group = item.group->second;
  group.order.erase(item.place);
  const auto frame = group.frames.find(item.frame);
  if (frame != group.frames.end()) {
    frame->second.remove(id);
    if (frame->second.size() == 0) group.frames.erase(frame);
  }
  bytes_ -= item.size;
  auto& share = share_of(item);
  --share.entries;
  share.bytes -= item.size;
  items_.erase(found);
}

void Meanings::flush(std::optional<std::string_view> tenant) {
  std::vector<std::uint64_t> gone;
  for (const auto& [id, item] : items_) {
    if (!tenant || item.entry->tenant == *tenant) gone.push_back(id);
  }
  for (const auto id : gone) remove(id);
}

}  // namespace troupe::semantic
