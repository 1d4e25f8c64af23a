// What happens to a world of money, and who is in office there.
#include <algorithm>
#include <cmath>

#include "tests/simulation/money/world.hpp"

namespace troupe::simulation {
namespace {

constexpr double kOverlap =
    2.0;  // so long two may believe that they are in office: less than a new disk's silence

}  // namespace

bool MoneyWorld::reaches_majority(const Node& node) const {
  int reached = 0;
  for (int i = 0; i < settings_.voters; ++i) {
    const auto& other = *nodes_[static_cast<std::size_t>(i)];
    const bool both = !network_.blocked(node.number, i) && !network_.blocked(i, node.number);
    reached += other.bank && both;
  }
  return 2 * reached > settings_.voters;
}

/// Not the permits' election but a careless one: whoever it deposes goes on for a while. What keeps money in
/// one place must not rest on elections.
void MoneyWorld::elect() {
  events_.after(seconds(0.3 + 0.4 * random_.unit()), [this] { elect(); });
  bool well = false;
  for (const auto& node : nodes_) well |= node->in_office && node->bank && reaches_majority(*node);
  if (well && (settings_.faults == 0 || random_.unit() > 0.03)) return;
  std::vector<Node*> able;
  for (int i = 0; i < settings_.voters; ++i) {
    auto& node = *nodes_[static_cast<std::size_t>(i)];
    if (node.bank && !node.in_office && reaches_majority(node)) able.push_back(&node);
  }
  if (able.empty()) return;
  for (const auto& node : nodes_) {
    if (!node->in_office) continue;
    events_.after(seconds(kOverlap * random_.unit()), [node = node.get(), life = node->incarnation] {
      if (node->incarnation == life) node->in_office = false;
    });
  }
  able[random_.below(able.size())]->in_office = true;
}

void MoneyWorld::kill(Node& node, double down, bool with_disk) {
  if (!node.bank) return;
  stop(node);
  if (with_disk) node.disk->lose();
  events_.after(seconds(down), [this, &node] { start(node); });
}

/// The worst moment: the treasurer's newest record is on its own disk only, and then it is gone for a while.
void MoneyWorld::direct() {
  ++outcome_.faults;
  for (const auto& node : nodes_) {
    if (!node->in_office || !node->bank) continue;
    const int number = node->number;
    for (const auto& other : nodes_)
      if (other->number != number && other->number < settings_.voters) network_.cut(number, other->number);
    events_.after(seconds(0.3 + random_.unit()), [this, &node = *node, number] {
      if (random_.unit() < 0.7) kill(node, 1 + 4 * random_.unit(), false);
      for (const auto& other : nodes_)
        if (other->number != number && other->number < settings_.voters) network_.mend(number, other->number);
    });
    return;
  }
}

/// Disks that have just stopped to sync, and then nothing runs any more: at one node, or everywhere.
void MoneyWorld::power_cut() {
  const auto only = random_.below(2 * nodes_.size());
  for (const auto& node : nodes_) {
    if (only < nodes_.size() && nodes_[only] != node) continue;
    node->disk->stall(seconds(2));
    events_.after(seconds(0.2 + 0.5 * random_.unit()),
                  [this, node = node.get()] { kill(*node, 0.5 + 3 * random_.unit(), false); });
  }
}

void MoneyWorld::fault() {
  ++outcome_.faults;
  auto& node = *nodes_[random_.below(nodes_.size())];
  const double span = 0.5 + random_.unit() * random_.unit() * 20;
  switch (random_.below(settings_.lose_disks ? 10 : 9)) {
    case 0:
    case 1:
      return kill(node, span, false);
    case 2:
      for (const auto& other : nodes_)
        if (other->in_office) return kill(*other, span, false);
      return;
    case 3: {
      std::vector<int> groups;
      for (int i = 0; i < settings_.nodes; ++i) groups.push_back(static_cast<int>(random_.below(2)));
      network_.split(groups);
      return events_.after(seconds(span), [this] { network_.heal(); });
    }
    case 4: {
      const int from = node.number, to = static_cast<int>(random_.below(nodes_.size()));
      network_.cut(from, to);
      return events_.after(seconds(span), [=, this] { network_.mend(from, to); });
    }
    case 5:
      node.paused_until = events_.now() + seconds(span);
      return;
    case 6:
      return node.disk->stall(seconds(span / 4));
    case 7:
      --outcome_.faults;  // it counts itself
      return direct();
    case 8:
      return power_cut();
    default:
      break;
  }
  // One voter's disk at a time, while the others are well: more would take a majority's knowledge away.
  bool well = true;
  for (int i = 0; i < settings_.voters; ++i) {
    const auto& other = nodes_[static_cast<std::size_t>(i)];
    well &= other->bank && other->bank->vault()->filled() == money::Filled::confirmed;
  }
  if (well || node.number >= settings_.voters) kill(node, span, true);
}

void MoneyWorld::plan_faults() {
  elect();
  if (settings_.faults == 0) return;
  double at = 2;
  for (;;) {
    at += -std::log(1 - random_.unit()) * settings_.faults;
    if (at > settings_.span) break;
    events_.at(Time(seconds(at)), [this] { settings_.directed ? direct() : fault(); });
  }
  for (double move = 8; move < settings_.span; move += 8)
    events_.at(Time(seconds(move)), [this] { hot_ = static_cast<int>(random_.below(nodes_.size())); });
}

void MoneyWorld::heal() {
  settings_.faults = 0;
  settings_.overshoot = 0;
  network_.heal();
  for (int from = 0; from < settings_.nodes; ++from)
    for (int to = 0; to < settings_.nodes; ++to)
      while (network_.blocked(from, to)) network_.mend(from, to);
  for (auto& node : nodes_) {
    node->paused_until = events_.now();
    start(*node);
  }
}

MoneySettings money_by_seed(std::uint64_t seed) {
  Random random(seed * 2 + 1);
  MoneySettings out;
  out.seed = seed;
  constexpr int kNodes[] = {1, 3, 3, 4, 5, 7};
  out.nodes = kNodes[random.below(6)];
  out.voters = out.nodes == 1 ? 1 : out.nodes >= 5 && random.below(2) ? 5 : 3;
  out.faults = 2 + 8 * random.unit();
  out.factor = 0.2 + random.unit() * random.unit() * 2;
  out.overshoot = random.below(4) == 0 ? 0.05 : 0;
  out.lose_disks = out.nodes > 1 && random.below(3) == 0;
  out.directed = out.nodes > 1 && random.below(4) == 0;
  return out;
}

}  // namespace troupe::simulation
