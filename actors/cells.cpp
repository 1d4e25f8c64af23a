#include "actors/cells.hpp"

namespace troupe::actors {

void RouteWeight::learn(const Settlement& settlement) {
  if (!settlement.called) return;
  auto adapted = weight.load();
  if (!settlement.fault) {
    adapted.success();
  } else if (traits(*settlement.fault).trips_breaker) {
    adapted.failure();
  }
  weight.store(adapted);
}

std::function<policy::Shares()> Cells::shares_of(std::string owner) const {
  if (!shares_) return {};
  return [source = shares_, owner = std::move(owner)] { return source(owner); };
}

std::shared_ptr<KeyCell> Cells::key(const std::string& id, const config::Key& key,
                                    const config::Breaker& breaker) {
  auto& cell = keys_[id];
  if (cell) return cell;
  cell = std::make_shared<KeyCell>(id, key, breaker, seed_ + keys_.size(), clock_.now());
  cell->shares = shares_of("key/" + id);
  if (cell->shares) cell->state.share(cell->shares());
  if (teller_)
    cell->tell = [teller = teller_, id](const policy::Evidence& evidence) { teller(id, evidence); };
  return cell;
}

std::shared_ptr<LineCell> Cells::line(const std::string& name, const config::Queue& queue) {
  auto& cell = lines_[name];
  if (!cell) cell = std::make_shared<LineCell>(name);
  cell->max_length.store(queue.max_length, std::memory_order_relaxed);
  return cell;
}

std::shared_ptr<RouteWeight> Cells::weight(const std::string& endpoint) {
  auto& weight = weights_[endpoint];
  if (!weight) weight = std::make_shared<RouteWeight>();
  return weight;
}

std::shared_ptr<TenantCell> Cells::tenant(const std::string& name, const config::Limits& limits,
                                          const config::Limits& per_user) {
  auto& cell = tenants_[name];
  if (cell) return cell;
  cell = std::make_shared<TenantCell>(name, limits, per_user, users_, seed_ + tenants_.size());
  // Those of its parts have names of their own: "vkey/TENANT/KEY".
  cell->shares = shares_of(name.find('/') == name.npos ? "tenant/" + name : name);
  if (cell->shares) cell->state.share(cell->shares());
  return cell;
}

void Cells::open_caches(std::size_t shards, const std::string& node, const CacheCell::Send& send) {
  for (std::size_t i = 0; i < shards; ++i) {
    caches_.push_back(std::make_shared<CacheCell>(i, node));
    caches_.back()->send = send;
  }
}

const std::shared_ptr<CacheCell>& Cells::cache_of(const cache::Digest& key) const {
  static const std::shared_ptr<CacheCell> none;
  return caches_.empty() ? none : caches_[key.b % caches_.size()];
}

void Cells::close() {
  for (auto& cell : caches_) cell->door.close();
  for (auto& [id, cell] : keys_) cell->door.close();
  for (auto& [name, cell] : lines_) cell->door.close();
  for (auto& [name, cell] : tenants_) cell->door.close();
}

}  // namespace troupe::actors
