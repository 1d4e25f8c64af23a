#include "tests/cluster/members/virtual_cluster.hpp"

#include <algorithm>
#include <tuple>

namespace troupe::members::trial {
namespace {

using std::chrono::milliseconds;
constexpr Duration kStep = milliseconds(100), kLinkSilence = std::chrono::seconds(3);

std::size_t size_of(const Member& it) {
  return it.name.size() + it.address.size() + 20;
}
std::size_t size_of(const Line& it) {
  return it.name.size() + 13;
}
std::size_t size_of(const Fact& it) {
  return it.key.size() + it.stamp.node.size() + 40;
}
std::size_t size_of(const std::string& it) {
  return it.size() + 1;
}

template <class Part>
std::size_t sum(const std::vector<Part>& parts) {
  std::size_t bytes = 3;
  for (const auto& part : parts) bytes += size_of(part);
  return bytes;
}

struct Sizer {
  std::size_t operator()(const Join& it) const { return size_of(it.self); }
  std::size_t operator()(const Welcome& it) const { return sum(it.members); }
  std::size_t operator()(const Gossip& it) const { return 9 + sum(it.news); }
  std::size_t operator()(const Digest& it) const { return 1 + sum(it.lines); }
  std::size_t operator()(const Records& it) const { return sum(it.members); }
  std::size_t operator()(const Want& it) const { return sum(it.names); }
  std::size_t operator()(const Inquiry& it) const { return it.about.size() + 10; }
  std::size_t operator()(const Voucher& it) const { return it.about.size() + 10; }
  std::size_t operator()(const HealthNews& it) const { return sum(it.facts); }
};

}  // namespace

std::size_t size_of(const Message& message) {
  return 6 + std::visit(Sizer{}, message);
}

VirtualCluster::VirtualCluster(int count, int voters, std::uint64_t seed, Weather weather)
    : weather_(weather), random_(seed), voters_(voters), nodes_(static_cast<std::size_t>(count)) {}

void VirtualCluster::start(int node, bool amnesia) {
  auto& it = nodes_[static_cast<std::size_t>(node)];
  Settings settings;
  settings.name = name(node);
  settings.address = "10.0.0." + std::to_string(node) + ":7946";
  // A clock that went backwards: the node believes that it was never there.
  it.incarnation = amnesia ? 1 : 1000 + static_cast<std::uint64_t>(now_.time_since_epoch() / kStep);
  settings.incarnation = it.incarnation;
  for (int voter = 0; voter < voters_; ++voter)
    settings.voters.push_back({name(voter), "10.0.0." + std::to_string(voter) + ":7946"});
  it.membership = std::make_unique<Membership>(settings, now_, random_.next());
  it.running = it.started = true;
  ++it.life;
}

void VirtualCluster::kill(int node) {
  nodes_[static_cast<std::size_t>(node)].running = false;
}

void VirtualCluster::leave(int node) {
  take(node, at(node).leave(now_));
}

bool VirtualCluster::reachable(int a, int b) const {
  return running(a) && running(b) && !cut_.contains(std::minmax(a, b));
}

bool VirtualCluster::wanted(int a, int b) const {
  const auto has = [this](int from, int to) {
    return nodes_[static_cast<std::size_t>(from)].wants.contains(to);
  };
  return has(a, b) || has(b, a);
}

void VirtualCluster::link(int a, int b) {
  auto& state = links_[{a, b}];
  const int life_a = nodes_[static_cast<std::size_t>(a)].life,
            life_b = nodes_[static_cast<std::size_t>(b)].life;
  const bool other_life = state.life_a != life_a || state.life_b != life_b;
  if (state.up) {
    const bool cut = !reachable(a, b) || other_life;
    if (cut && !state.counting) state.cut_since = now_;
    state.counting = cut;
    const bool killed = !running(a) || !running(b) || other_life;
    if (!cut || (!killed && now_ - state.cut_since < kLinkSilence)) return;
    state = {};
    if (running(a) && (!other_life || state.life_a == life_a)) take(a, at(a).disconnected(name(b), now_));
    if (running(b)) take(b, at(b).disconnected(name(a), now_));
    return;
  }
  if (!reachable(a, b) || !wanted(a, b) || random_.below(3) != 0) return;
  state = {true, {}, false, life_a, life_b};
  take(a, at(a).connected(name(b), now_));
  take(b, at(b).connected(name(a), now_));
}

void VirtualCluster::links() {
  for (auto& node : nodes_) {
    if (!node.running) continue;
    node.wants.clear();
    for (const auto& peer : node.membership->peers()) node.wants.insert(index(peer.name));
  }
  for (int a = 0; a < size(); ++a) {
    for (int b = a + 1; b < size(); ++b) link(a, b);
  }
}

void VirtualCluster::take(int node, Step step) {
  auto& events = nodes_[static_cast<std::size_t>(node)].events;
  events.insert(events.end(), step.events.begin(), step.events.end());
  for (const auto& outgoing : step.send) post(node, index(outgoing.to), outgoing.message);
}

void VirtualCluster::post(int from, int to, const Message& message) {
  const auto bytes = size_of(message);
  bytes_ += bytes;
  largest_ = std::max(largest_, bytes);
  if (!reachable(from, to) || random_.unit() < weather_.loss) return;
  const int copies = random_.unit() < weather_.twice ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    const auto most = random_.unit() < weather_.late ? 20'000 : 50;
    const auto delay = milliseconds(1 + random_.below(static_cast<std::uint64_t>(most)));
    parcels_.push({now_ + delay, ++order_, from, to, nodes_[static_cast<std::size_t>(to)].life, message});
  }
}

void VirtualCluster::run(Duration span) {
  const auto end = now_ + span;
  while (now_ < end) {
    const auto next = now_ + kStep;
    while (!parcels_.empty() && parcels_.top().due <= next) {
      const auto parcel = parcels_.top();
      parcels_.pop();
      now_ = std::max(now_, parcel.due);
      const bool same_life = nodes_[static_cast<std::size_t>(parcel.to)].life == parcel.life;
      if (!running(parcel.to) || !same_life) continue;
      take(parcel.to, at(parcel.to).hear(name(parcel.from), parcel.message, now_));
    }
    now_ = next;
    for (int node = 0; node < size(); ++node) {
      if (running(node)) take(node, at(node).tick(now_));
    }
    links();
  }
}

std::optional<Duration> VirtualCluster::until(const std::function<bool()>& holds, Duration span) {
  const auto begin = now_;
  while (!holds()) {
    if (now_ - begin >= span) return std::nullopt;
    run(kStep);
  }
  return now_ - begin;
}

std::optional<State> VirtualCluster::opinion(int node, int other) {
  for (const auto& view : at(node).view(now_)) {
    if (view.member.name == name(other)) return view.member.state;
  }
  return std::nullopt;
}

bool VirtualCluster::agreed() {
  std::map<std::string, std::uint64_t> there;
  for (int node = 0; node < size(); ++node) {
    if (!running(node)) continue;
    if (at(node).self().state == State::left) continue;
    if (!at(node).in()) return false;
    there[name(node)] = at(node).self().incarnation;
  }
  for (int node = 0; node < size(); ++node) {
    if (!running(node) || at(node).self().state == State::left) continue;
    std::map<std::string, std::uint64_t> seen;
    for (const auto& view : at(node).view(now_)) {
      if (gone(view.member.state)) continue;
      if (view.member.state != State::alive) return false;
      seen[view.member.name] = view.member.incarnation;
    }
    if (seen != there) return false;
  }
  return true;
}

}  // namespace troupe::members::trial
