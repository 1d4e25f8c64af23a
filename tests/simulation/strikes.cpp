// Faults, carried out.
#include <algorithm>

#include "tests/simulation/world.hpp"

namespace troupe::simulation {

int World::allocator() const {
  for (int i = 0; i < settings_.nodes; ++i) {
    if (holds_office(i)) return i;
  }
  return -1;
}

bool World::connected(int node) const {
  int reached = 0;
  const int voters = std::min(settings_.voters, settings_.nodes);
  for (int voter = 0; voter < voters; ++voter) {
    if (!healthy(voter)) continue;
    reached += voter == node || !(network_.blocked(node, voter) || network_.blocked(voter, node));
  }
  return reached * 2 > voters;
}

std::vector<std::pair<int, int>> World::links_of(const Fault& fault) const {
  const int in_office = allocator();
  std::vector<std::pair<int, int>> out;
  for (auto [from, to] : fault.links) {
    if (from == kAllocator) from = in_office;
    if (to == kAllocator) to = in_office;
    if (from == -1 || to == -1) continue;
    for (int i = 0; i < settings_.nodes; ++i) {
      if (from == kEverybody && i != to) out.emplace_back(i, to);
      if (to == kEverybody && i != from) out.emplace_back(from, i);
    }
    if (from != kEverybody && to != kEverybody) out.emplace_back(from, to);
  }
  return out;
}

void World::heal_links(const std::vector<std::pair<int, int>>& links, bool slow) {
  for (const auto& [from, to] : links) {
    if (slow)
      network_.slow(from, to, Duration::zero());
    else
      network_.mend(from, to);
  }
}

void World::strike(const Fault& fault) {
  const int node = fault.node == kAllocator ? allocator() : fault.node;
  switch (fault.what) {
    case Fault::What::kill:
      if (node >= 0) kill(node, fault.lasts);
      return;
    case Fault::What::pause:
      if (node >= 0) pause(node, fault.lasts);
      return;
    case Fault::What::split: {
      auto groups = fault.groups;
      if (groups.empty()) {
        for (int i = 0; i < settings_.nodes; ++i) groups.push_back(i == allocator() ? 1 : 0);
      }
      network_.split(groups);
      events_.after(fault.lasts, [this, which = ++splits_] {
        if (which == splits_) network_.heal();
      });
      return;
    }
    case Fault::What::cut:
    case Fault::What::slow: {
      const auto links = links_of(fault);
      const bool slow = fault.what == Fault::What::slow;
      for (const auto& [from, to] : links) {
        if (slow)
          network_.slow(from, to, seconds(fault.value));
        else
          network_.cut(from, to);
      }
      events_.after(fault.lasts, [this, links, slow] { heal_links(links, slow); });
      return;
    }
    case Fault::What::loss:
      network_.lose(fault.value);
      events_.after(fault.lasts, [this, which = ++losses_] {
        if (which == losses_) network_.lose(settings_.network.loss);
      });
      return;
  }
}

}  // namespace troupe::simulation
