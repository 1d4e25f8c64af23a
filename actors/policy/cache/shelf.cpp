#include "actors/policy/cache/shelf.hpp"

#include <algorithm>
#include <utility>

namespace troupe::cache {
namespace {

constexpr Duration kLongest = std::chrono::hours(24 * 366);  // a sum of times does not overflow

}  // namespace

ShelfShare& Shelf::share_of(const std::string& tenant) {
  if (const auto found = tenants_.find(tenant); found != tenants_.end()) return found->second;
  return tenants_[tenants_.size() < kTenants ? tenant : std::string()];
}

void Shelf::use(Limits limits) {
  limits_ = limits;
  for (auto at = line_.begin(); at != line_.end();) {
    const auto next = std::next(at);
    if (at->entry->size() > limits_.single) drop(at);
    at = next;
  }
  while (bytes_ > limits_.bytes) drop(std::prev(line_.end()));
}

std::optional<Shelf::Found> Shelf::find(const Digest& key, Duration max_age, Time now) {
  const auto found = index_.find(key);
  if (found == index_.end()) return std::nullopt;
  const auto at = found->second;
  if (at->until <= now) {
    drop(at);
    return std::nullopt;
  }
  const auto age = now - at->born;
  if (age > max_age) return std::nullopt;
  line_.splice(line_.begin(), line_, at);
  ++hits_;
  auto& share = share_of(at->entry->tenant);
  ++share.hits;
  share.saved_picos += at->entry->picos;
  return Found{at->entry, age};
}

bool Shelf::has(const Digest& key, Time now) const {
  const auto found = index_.find(key);
  return found != index_.end() && now < found->second->until;
}

bool Shelf::put(const Digest& key, EntryPtr entry, Duration ttl, Time now) {
  const auto size = entry->size();
  if (size > limits_.single || size > limits_.bytes || ttl <= Duration::zero()) return false;
  if (const auto old = index_.find(key); old != index_.end()) drop(old->second);
  while (bytes_ + size > limits_.bytes) {
    ++evicted_;
    drop(std::prev(line_.end()));
  }
  auto& share = share_of(entry->tenant);
  ++share.entries;
  share.bytes += size;
  bytes_ += size;
  line_.push_front({key, std::move(entry), now, now + std::min(ttl, kLongest)});
  index_[key] = line_.begin();
  return true;
}

void Shelf::flush(std::optional<std::string_view> tenant) {
  for (auto at = line_.begin(); at != line_.end();) {
    const auto next = std::next(at);
    if (!tenant || at->entry->tenant == *tenant) drop(at);
    at = next;
  }
}

void Shelf::drop(Line::iterator at) {
  const auto size = at->entry->size();
  auto& share = share_of(at->entry->tenant);
  bytes_ -= size;
  share.bytes -= size;
  --share.entries;
  index_.erase(at->key);
  line_.erase(at);
}

}  // namespace troupe::cache
