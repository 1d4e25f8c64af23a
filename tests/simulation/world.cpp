#include "tests/simulation/world.hpp"

#include <algorithm>

#include "cluster/permits/floors.hpp"
#include "tests/simulation/process.hpp"
#include "tests/simulation/sizes.hpp"

namespace troupe::simulation {
namespace {

using cluster::LimitKind;
using std::chrono::milliseconds;
constexpr Duration kTick = milliseconds(10);

std::string name_of(int index) {
  return "node-" + std::to_string(index + 1);
}

int index_of(const std::string& name) {
  return std::stoi(name.substr(5)) - 1;
}

}  // namespace

World::~World() = default;

World::World(WorldSettings settings)
    : settings_(std::move(settings)),
      random_(settings_.seed * 31337 + 5),
      network_(events_, settings_.network, settings_.seed * 7919 + 1),
      keys_(settings_.scenario.keys.size()),
      hot_(settings_.scenario.keys.size()),
      trouble_(events_, network_, settings_.network.loss, stage()) {
  for (const auto& limit : settings_.scenario.limits) {
    windows_.emplace_back();
    at_once_.emplace_back();
    if (limit.kind == LimitKind::concurrency)
      at_once_.back().emplace(limit.units);
    else
      windows_.back().emplace(limit.units, limit.window);
  }
  for (int i = 0; i < settings_.nodes; ++i) {
    auto process = std::make_unique<Process>();
    process->index = i;
    process->rate = 1 + (random_.unit() * 2 - 1) * 200e-6;
    process->offset = seconds(1e3 + random_.unit() * 1e5);
    if (settings_.store != Store::none) process->notes = std::make_shared<Notes>();
    processes_.push_back(std::move(process));
    boot(*processes_.back(), cluster::Knowledge::never);
  }
  for (std::size_t key = 0; key < settings_.scenario.keys.size(); ++key) {
    calls_.push_back(arrivals(settings_.scenario, key, settings_.factor, settings_.span, settings_.nodes,
                              settings_.timing.longest_call, settings_.seed));
    for (const auto& call : calls_.back()) events_.at(call->arrived, [this, call] { arrive(call); });
  }
  trouble_.plan(settings_.faults);
  check();
}

Stage World::stage() {
  return {settings_.nodes,
          std::min(settings_.voters, settings_.nodes),
          [this] { return allocator(); },
          [this](int node) { return healthy(node); },
          [this](int node, Duration lasts) { kill(node, lasts); },
          [this](int node, Duration lasts) { pause(node, lasts); }};
}

int World::allocator() const {
  for (int i = 0; i < settings_.nodes; ++i) {
    if (holds_office(i)) return i;
  }
  return -1;
}

Time World::local(const Process& process) const {
  const auto elapsed = events_.now().time_since_epoch();
  return Time(process.offset +
              Duration(static_cast<Duration::rep>(static_cast<double>(elapsed.count()) * process.rate)));
}

void World::boot(Process& process, cluster::Knowledge knowledge) {
  cluster::NodeSettings node;
  node.me = name_of(process.index);
  node.incarnation = ++process.life;
  for (int i = 0; i < std::min(settings_.voters, settings_.nodes); ++i) node.voters.push_back(name_of(i));
  node.limits = settings_.scenario.limits;
  for (auto& limit : node.limits)
    if (settings_.mixed && process.index % 2 == 0) limit.units *= 2;
  node.limits = cluster::with_floors(node.limits, settings_.floor);
  node.timing = settings_.timing;
  node.knowledge = knowledge;
  node.memory = process.notes;
  process.up = true;
  process.paused_until = Time{};
  process.node = std::make_unique<cluster::Node>(node, local(process), random_.next());
  process.permits.clear();
  process.floors.clear();
  for (const auto& limit : settings_.scenario.limits) {
    process.permits.push_back(process.node->agent().permits(limit));
    process.floors.push_back(process.node->agent().floor(limit));
  }
  process.waiting.assign(settings_.scenario.keys.size(), {});
  const auto life = process.life;
  const auto index = process.index;
  events_.after(Duration(static_cast<Duration::rep>(random_.below(kTick.count()))),
                [this, index, life] { tick(index, life); });
}

void World::tick(int index, std::uint64_t life) {
  auto& process = *processes_[static_cast<std::size_t>(index)];
  if (!process.up || process.life != life) return;
  if (process.paused_until > events_.now()) {
    events_.at(process.paused_until + Duration(1000), [this, index, life] { tick(index, life); });
    return;
  }
  cluster::Outbox out;
  process.node->tick(local(process), out);
  transmit(index, out);
  follow_up(process);
  events_.after(kTick, [this, index, life] { tick(index, life); });
}

void World::transmit(int from, cluster::Outbox& out) {
  for (auto& [to, message] : out) {
    const auto target = index_of(to);
    const auto bytes = size_of(message);
    auto shared = std::make_shared<cluster::Message>(std::move(message));
    network_.send(from, target, bytes, [this, from, target, shared] { deliver(from, target, *shared); });
  }
  out.clear();
}

void World::deliver(int from, int to, const cluster::Message& message) {
  auto& process = *processes_[static_cast<std::size_t>(to)];
  if (!process.up) return;
  if (process.paused_until > events_.now()) {
    auto copy = std::make_shared<cluster::Message>(message);
    events_.at(process.paused_until + Duration(1000), [this, from, to, copy] { deliver(from, to, *copy); });
    return;
  }
  cluster::Outbox out;
  process.node->hear(name_of(from), message, local(process), out);
  transmit(to, out);
  follow_up(process);
}

void World::follow_up(Process& process) {
  for (std::size_t key = 0; key < process.waiting.size(); ++key) serve(process, key);
  cluster::Outbox out;
  bool hurry = false;
  for (const auto& recall : process.node->take_recalls()) {
    if (const auto at = recall.limit - 1; at < process.permits.size())
      process.permits[at]->give_back(recall.keep);
    else
      process.floors[cluster::floor_of(recall.limit) - 1]->slots()->give_back(recall.keep);
    hurry |= recall.urgent;
  }
  if (hurry) process.node->hurry(local(process), out);
  transmit(process.index, out);
}

bool World::healthy(int node) const {
  const auto& process = *processes_[static_cast<std::size_t>(node)];
  return process.up && process.paused_until <= events_.now();
}

bool World::holds_office(int node) const {
  const auto& process = *processes_[static_cast<std::size_t>(node)];
  return process.up && process.node->allocator() && process.node->allocator()->holds(local(process));
}

void World::kill(int node, Duration lasts) {
  auto& process = *processes_[static_cast<std::size_t>(node)];
  if (!process.up) return;
  for (auto& waiting : process.waiting) {
    for (const auto& call : waiting)
      if (call->state == Call::State::waiting) refuse(call);
  }
  process.up = false;
  elections_ += process.node->terms();
  process.node.reset();
  events_.after(lasts, [this, node] {
    auto& reborn = *processes_[static_cast<std::size_t>(node)];
    if (settings_.store == Store::none || (settings_.store == Store::chance && random_.below(2))) {
      reborn.offset = seconds(1e3 + random_.unit() * 1e5);  // another clock: it shall not matter
      if (reborn.notes) reborn.notes = std::make_shared<Notes>();
    }
    boot(reborn, cluster::Knowledge::forgot);
  });
}

void World::pause(int node, Duration lasts) {
  auto& process = *processes_[static_cast<std::size_t>(node)];
  process.paused_until = std::max(process.paused_until, events_.now() + lasts);
}

void World::check() {
  for (const auto& process : processes_) {
    const auto* allocator = process->up ? process->node->allocator() : nullptr;
    if (!allocator || !allocator->holds(local(*process))) continue;
    for (const auto& limit : cluster::with_floors(settings_.scenario.limits, settings_.floor)) {
      const auto missing = allocator->table().imbalance(limit.id);
      if (missing != 0 && broken_.size() < 10)
        broken_.push_back("I1: " + name_of(process->index) + " misses " + std::to_string(missing) +
                          " permits of limit " + std::to_string(limit.id) + " at " +
                          std::to_string(in_seconds(events_.now().time_since_epoch())) + " s");
    }
  }
  events_.after(milliseconds(500), [this] { check(); });
}

Outcome World::run() {
  events_.run(Time(settings_.span));
  return outcome();
}

Outcome World::outcome() const {
  Outcome out;
  out.keys = keys_;
  for (std::size_t key = 0; key < keys_.size(); ++key) {
    out.keys[key].ideal = ideal(settings_.scenario, key, calls_[key], settings_.park, false);
    out.keys[key].ideal_connected = settings_.faults.empty()
                                        ? out.keys[key].ideal
                                        : ideal(settings_.scenario, key, calls_[key], settings_.park, true);
  }
  for (std::size_t i = 0; i < settings_.scenario.limits.size(); ++i) {
    const auto& spec = settings_.scenario.limits[i];
    if (at_once_[i])
      out.limits.push_back({spec.units, at_once_[i]->worst(), at_once_[i]->over(), at_once_[i]->total(),
                            at_once_[i]->worst_at()});
    else
      out.limits.push_back({spec.units, windows_[i]->worst(), windows_[i]->over(), windows_[i]->total(),
                            windows_[i]->worst_at()});
  }
  out.broken = broken_;
  const double node_seconds = settings_.nodes * in_seconds(settings_.span);
  out.messages_per_node = static_cast<double>(network_.messages()) / node_seconds;
  out.bytes_per_node = static_cast<double>(network_.bytes()) / node_seconds;
  out.waits = waits_;
  for (const auto& key : hot_) out.hot.push_back(key.times());
  out.elections = elections_;
  for (const auto& process : processes_) out.elections += process->up ? process->node->terms() : 0;
  return out;
}

std::int64_t Outcome::over() const {
  std::int64_t sum = 0;
  for (const auto& limit : limits) sum += limit.over;
  return sum;
}

}  // namespace troupe::simulation
