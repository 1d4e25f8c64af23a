#include "tests/simulation/trouble.hpp"

namespace troupe::simulation {

void Trouble::plan(const std::vector<Fault>& faults) {
  for (const auto& fault : faults) events_.at(fault.at, [this, fault] { strike(fault); });
}

bool Trouble::connected(int node) const {
  int reached = 0;
  for (int voter = 0; voter < stage_.voters; ++voter) {
    if (!stage_.healthy(voter)) continue;
    reached += voter == node || !(network_.blocked(node, voter) || network_.blocked(voter, node));
  }
  return reached * 2 > stage_.voters;
}

std::vector<std::pair<int, int>> Trouble::links_of(const Fault& fault) const {
  const int in_office = stage_.allocator();
  std::vector<std::pair<int, int>> out;
  for (auto [from, to] : fault.links) {
    if (from == kAllocator) from = in_office;
    if (to == kAllocator) to = in_office;
    if (from == -1 || to == -1) continue;
    for (int i = 0; i < stage_.nodes; ++i) {
      if (from == kEverybody && i != to) out.emplace_back(i, to);
      if (to == kEverybody && i != from) out.emplace_back(from, i);
    }
    if (from != kEverybody && to != kEverybody) out.emplace_back(from, to);
  }
  return out;
}

void Trouble::heal(const std::vector<std::pair<int, int>>& links, bool slow) {
  for (const auto& [from, to] : links) {
    if (slow)
      network_.slow(from, to, Duration::zero());
    else
      network_.mend(from, to);
  }
}

void Trouble::split(const Fault& fault) {
  auto groups = fault.groups;
  if (groups.empty()) {
    for (int i = 0; i < stage_.nodes; ++i) groups.push_back(i == stage_.allocator() ? 1 : 0);
  }
  network_.split(groups);
  events_.after(fault.lasts, [this, which = ++splits_] {
    if (which == splits_) network_.heal();
  });
}

void Trouble::links(const Fault& fault) {
  const auto which = links_of(fault);
  const bool slow = fault.what == Fault::What::slow;
  for (const auto& [from, to] : which) {
    if (slow)
      network_.slow(from, to, seconds(fault.value));
    else
      network_.cut(from, to);
  }
  events_.after(fault.lasts, [this, which, slow] { heal(which, slow); });
}

void Trouble::strike(const Fault& fault) {
  const int node = fault.node == kAllocator ? stage_.allocator() : fault.node;
  switch (fault.what) {
    case Fault::What::kill:
      if (node >= 0) stage_.kill(node, fault.lasts);
      return;
    case Fault::What::pause:
      if (node >= 0) stage_.pause(node, fault.lasts);
      return;
    case Fault::What::split:
      return split(fault);
    case Fault::What::cut:
    case Fault::What::slow:
      return links(fault);
    case Fault::What::loss:
      network_.lose(fault.value);
      events_.after(fault.lasts, [this, which = ++losses_] {
        if (which == losses_) network_.lose(usual_loss_);
      });
      return;
  }
}

}  // namespace troupe::simulation
