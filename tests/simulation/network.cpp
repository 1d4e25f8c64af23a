#include "tests/simulation/network.hpp"

namespace troupe::simulation {

Network::Network(Events& events, NetworkSettings settings, std::uint64_t seed)
    : events_(events), settings_(settings), random_(seed) {}

bool Network::blocked(int from, int to) const {
  if (from == to) return false;
  const auto group = [this](int endpoint) {  // who is no node is with the first
    const auto at = static_cast<std::size_t>(endpoint);
    return at < group_of_.size() ? group_of_[at] : 0;
  };
  if (group(from) != group(to)) return true;
  return cut_.count({from, to}) > 0;
}

void Network::split(std::vector<int> group_of) {
  group_of_ = std::move(group_of);
}

void Network::mend(int from, int to) {
  const auto found = cut_.find({from, to});
  if (found != cut_.end() && --found->second == 0) cut_.erase(found);
}

void Network::send(int from, int to, std::size_t bytes, const std::function<void()>& deliver) {
  ++messages_;
  bytes_ += bytes;
  if (blocked(from, to)) return;
  const int copies = random_.unit() < settings_.twice ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    if (random_.unit() < settings_.loss) continue;
    const double u = random_.unit();
    double delay = settings_.least + (settings_.most - settings_.least) * u * u;
    if (random_.unit() < settings_.late) delay += random_.unit() * settings_.latest;
    auto span = seconds(delay);
    if (const auto slow = slow_.find({from, to}); slow != slow_.end()) span += slow->second;
    events_.after(span, deliver);
  }
}

}  // namespace troupe::simulation
