#include "config/routing.hpp"

#include <algorithm>
#include <utility>

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

const Route* Routing::first(const rules::Facts& facts,
                            const std::function<bool(std::string_view)>& allowed) const {
  for (const auto& one : all_) {
    if (one.rule.holds(facts) && allowed(one.route.to)) return &one.route;
  }
  return nullptr;
}

std::size_t Routing::number_of(const Route& route) const {
  const auto at =
      std::find_if(all_.begin(), all_.end(), [&](const One& one) { return &one.route == &route; });
  return static_cast<std::size_t>(at - all_.begin()) + 1;
}

}  // namespace troupe::config
