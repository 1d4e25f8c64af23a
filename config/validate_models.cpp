// Aliases: their targets exist, their fallbacks end.
#include <algorithm>
#include <set>
#include <tuple>

#include "config/checks.hpp"
#include "config/measure.hpp"
#include "config/nearest.hpp"

namespace troupe::config {
namespace {

template <class Row>
const Row* by_name(const std::vector<Row>& rows, std::string_view name) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

template <class Row>
std::vector<std::string> names_of(const std::vector<Row>& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back(row.name);
  return names;
}

bool alias_name(std::string_view name) {
  return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < 127 && c != '/' && c != '"' && c != '\\';
  });
}

void check_target(Checks& checks, const Target& target, const std::string& path) {
  if (target.provider.empty()) return;  // `use` is missing or wrong: already said
  const auto* provider = by_name(checks.config.providers, target.provider);
  if (provider == nullptr) {
    return checks.bad(path + ".use", fmt::format("there is no provider \"{}\"", target.provider),
                      suggest(target.provider, names_of(checks.config.providers)));
  }
  if (target.key && by_name(provider->keys, *target.key) == nullptr) {
    checks.bad(path + ".key", fmt::format("provider \"{}\" has no key \"{}\"", provider->name, *target.key),
               suggest(*target.key, names_of(provider->keys)));
  }
}

void check_abilities(Checks& checks, const Target& target, const std::string& path) {
  for (const auto& name : target.cannot) {
    if (std::find(target.can.begin(), target.can.end(), name) != target.can.end())
      checks.bad(path + ".cannot", fmt::format("\"{}\" stands in can as well", name));
  }
}

void check_targets(Checks& checks, const Model& model, const std::string& path) {
  if (model.targets.empty())
    return checks.bad(path + ".targets", "no target", "write targets: [ { use: provider/model } ]");
  std::set<std::tuple<std::string, std::string, std::string>> seen;
  double weight = 0;
  for (std::size_t at = 0; at < model.targets.size(); ++at) {
    const auto& target = model.targets[at];
    const auto here = fmt::format("{}.targets[{}]", path, at);
    check_target(checks, target, here);
    check_abilities(checks, target, here);
    weight += target.weight;
    const bool fresh = seen.emplace(target.provider, target.model, target.key.value_or("")).second;
    if (!fresh && !target.provider.empty())
      checks.bad(here, "the same target twice", "write it once, with the sum of the weights");
  }
  if (weight <= 0) checks.bad(path + ".targets", "every target has weight 0", "give at least one a weight");
}

void check_fallbacks(Checks& checks, const Model& model, const std::string& path) {
  std::set<std::string> seen;
  for (std::size_t at = 0; at < model.fallbacks.size(); ++at) {
    const auto& name = model.fallbacks[at];
    const auto here = fmt::format("{}.fallbacks[{}]", path, at);
    if (!seen.insert(name).second) checks.bad(here, fmt::format("\"{}\" twice", name));
    if (by_name(checks.config.models, name) != nullptr) continue;
    checks.bad(here, fmt::format("there is no model \"{}\"", name),
               suggest(name, names_of(checks.config.models)));
  }
}

void check_times(Checks& checks, const Model& model, const std::string& path) {
  if (model.timeout.first_token > model.timeout.total)
    checks.bad(path + ".timeout.first_token",
               fmt::format("longer than total ({})", format_duration(model.timeout.total)),
               "raise timeout.total");
  if (model.timeout.connect > model.timeout.total)
    checks.bad(path + ".timeout.connect",
               fmt::format("longer than total ({})", format_duration(model.timeout.total)),
               "raise timeout.total");
  if (model.retry.backoff > model.retry.backoff_max)
    checks.bad(path + ".retry.backoff", "longer than backoff_max", "raise retry.backoff_max");
}

void check_mirror(Checks& checks, const Model& model, const std::string& path) {
  if (!model.mirror) return;
  if (model.mirror->to == model.name) checks.bad(path + ".mirror.to", "its own shadow");
  if (by_name(checks.config.models, model.mirror->to) == nullptr)
    checks.bad(path + ".mirror.to", fmt::format("there is no model \"{}\"", model.mirror->to));
}

constexpr std::size_t kLongestWay = 64;

/// Walks the fallbacks from one alias; a way back to an alias on the current path is a cycle, said once.
class Cycles {
 public:
  explicit Cycles(Checks& checks) : checks_(checks) {}

  void visit(const Model& model) {
    if (!done_.insert(model.name).second) return;
    if (way_.size() >= kLongestWay) {
      checks_.bad(fmt::format("models.{}.fallbacks", model.name),
                  fmt::format("more than {} fallbacks in a row", kLongestWay));
      return;
    }
    way_.push_back(model.name);
    for (std::size_t at = 0; at < model.fallbacks.size(); ++at) follow(model, at);
    way_.pop_back();
  }

 private:
  void follow(const Model& model, std::size_t at) {
    const auto& name = model.fallbacks[at];
    const auto back = std::find(way_.begin(), way_.end(), name);
    const auto* next = by_name(checks_.config.models, name);
    if (back == way_.end()) {
      if (next != nullptr) visit(*next);
      return;
    }
    std::string round;
    for (auto step = back; step != way_.end(); ++step) round += *step + " -> ";
    checks_.bad(fmt::format("models.{}.fallbacks[{}]", model.name, at),
                fmt::format("fallbacks run in a circle: {}{}", round, name), "remove one of them");
  }

  Checks& checks_;
  std::vector<std::string> way_;
  std::set<std::string> done_;
};

}  // namespace

void check_models(Checks& checks) {
  Cycles cycles(checks);
  for (const auto& model : checks.config.models) {
    const auto path = "models." + model.name;
    if (!alias_name(model.name))
      checks.bad(path, "a model's name is 1 to 128 printable characters without spaces, quotes and '/'",
                 "provider/model names need no alias: clients may ask for them as they are");
    check_targets(checks, model, path);
    check_fallbacks(checks, model, path);
    check_times(checks, model, path);
    check_mirror(checks, model, path);
    cycles.visit(model);
  }
}

}  // namespace troupe::config
