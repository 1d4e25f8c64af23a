#include "config/routing.hpp"

#include <algorithm>
#include <utility>

#include "config/auth.hpp"

namespace troupe::config {

Routing::Routing(const Config& config) : tasks_(rules::usual_tasks()) {
  for (const auto& route : config.routing) {
    auto rule = rules::Rule::parse(route.when);
    if (!rule) continue;
    for (const auto& known : rules::kFields) {
      if (rule->asks(known.field)) asked_ |= 1U << static_cast<unsigned>(known.field);
    }
    all_.push_back({route, std::move(*rule)});
  }
  if (config.tasks.empty()) return;
  tasks_.clear();
  for (const auto& task : config.tasks) tasks_.push_back({task.name, task.words});
}

bool Routing::knows_task(std::string_view name) const {
  return name == "chat" ||
         std::any_of(tasks_.begin(), tasks_.end(), [name](const auto& task) { return task.name == name; });
}

std::size_t Routing::first(const rules::Facts& facts, const Tenant* tenant, const VirtualKey* key) const {
  for (std::size_t at = 0; at < all_.size(); ++at) {
    if (all_[at].rule.holds(facts) && allowed(tenant, key, all_[at].route.to)) return at + 1;
  }
  return 0;
}

}  // namespace troupe::config
