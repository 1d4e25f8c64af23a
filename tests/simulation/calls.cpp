// What becomes of the calls of a world: admitted, waiting or refused; counted where they are sent.
#include <algorithm>

#include "tests/simulation/process.hpp"

namespace troupe::simulation {

using cluster::LimitKind;
constexpr std::size_t kLongestQueue = 256, kReportedQueue = 64;
constexpr double kWarm = 5;

void World::arrive(const std::shared_ptr<Call>& call) {
  auto* process = processes_[static_cast<std::size_t>(call->node)].get();
  if (!process->up || process->paused_until > events_.now()) {  // the balancer takes another node
    std::vector<Process*> healthy;
    for (const auto& other : processes_)
      if (other->up && other->paused_until <= events_.now()) healthy.push_back(other.get());
    if (healthy.empty()) return;
    process = healthy[random_.below(healthy.size())];
    call->node = process->index;
  }
  call->connected = trouble_.connected(call->node);
  for (const auto& cost : call->costs) process->permits[cost.limit]->ask(cost.estimate);
  auto& waiting = process->waiting[call->key];
  if (in_seconds(call->arrived.time_since_epoch()) >= kWarm) ++keys_[call->key].arrived;
  hot_[call->key].arrives(*call, events_.now());
  if (waiting.empty() && try_send(*process, call)) return;
  hot_[call->key].waits(*call, events_.now());
  if (waiting.size() >= kLongestQueue || settings_.park <= Duration::zero()) return refuse(call);
  waiting.push_back(call);
  restate_waiting(*process, call->key);
  cluster::Outbox out;
  process->node->hurry(local(*process), out);
  transmit(process->index, out);
  follow_up(*process);
  events_.after(settings_.park, [this, call] {
    if (call->state == Call::State::waiting) refuse(call);
  });
}

bool World::try_send(Process& process, const std::shared_ptr<Call>& call) {
  const auto now = local(process);
  for (auto& cost : call->costs) {
    const auto& floor = process.floors[cost.limit];
    cost.floor = process.permits[cost.limit]->available(now) < cost.estimate;
    if (cost.floor && (!floor || floor->available(now) < cost.estimate)) return false;
  }
  for (const auto& cost : call->costs) {
    if (cost.floor)
      process.floors[cost.limit]->take(cost.estimate, now);
    else
      process.permits[cost.limit]->take(cost.estimate, now);
  }
  sent(process, call);
  return true;
}

void World::serve(Process& process, std::size_t key) {
  auto& waiting = process.waiting[key];
  if (waiting.empty()) return;
  while (!waiting.empty()) {
    if (waiting.front()->state == Call::State::waiting && !try_send(process, waiting.front())) break;
    waiting.pop_front();
  }
  restate_waiting(process, key);
}

void World::restate_waiting(Process& process, std::size_t key) {
  const auto now = local(process);
  const auto& limits = settings_.scenario.keys[key].limits;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    cluster::Units sum = 0, first = 0;
    std::size_t count = 0;
    for (const auto& call : process.waiting[key]) {
      if (call->state != Call::State::waiting) continue;
      if (!first) first = call->costs[i].estimate;
      sum += call->costs[i].estimate;
      if (++count >= kReportedQueue) break;
    }
    const auto free = process.permits[limits[i]]->available(now);
    process.permits[limits[i]]->wait(std::max<cluster::Units>(0, sum - free),
                                     std::max<cluster::Units>(0, first - free));
  }
}

void World::sent(Process& process, const std::shared_ptr<Call>& call) {
  call->state = Call::State::sent;
  hot_[call->key].sent(*call, events_.now());
  const auto waited = in_seconds(events_.now() - call->arrived);
  if (in_seconds(call->arrived.time_since_epoch()) >= kWarm) {
    auto& key = keys_[call->key];
    ++key.sent;
    key.sent_connected += call->connected;
    key.sent_alone += !process.node->agent().lease()->holds(local(process));
    key.at_once += waited < 1e-3;
    if (waited >= 1e-3) waits_.push_back(waited);
  }
  const auto guard = in_seconds(settings_.timing.guard);
  const double travel =
      random_.unit() < 0.002 ? 0.08 + random_.unit() * (guard - 0.13) : 0.005 + random_.unit() * 0.075;
  events_.after(seconds(travel), [this, call] { counted(call); });
  if (call->lasts > Duration::zero()) {
    const auto node = process.index;
    const auto life = process.life;
    events_.after(seconds(travel) + call->lasts, [this, call, node, life] { ended_there(call, node, life); });
  }
}

void World::counted(const std::shared_ptr<Call>& call) {
  for (const auto& cost : call->costs) {
    if (at_once_[cost.limit]) at_once_[cost.limit]->begin(events_.now());
    if (settings_.scenario.limits[cost.limit].kind == LimitKind::window)
      windows_[cost.limit]->count(events_.now(), cost.real);
  }
}

void World::ended_there(const std::shared_ptr<Call>& call, int node, std::uint64_t life) {
  for (const auto& cost : call->costs) {
    if (at_once_[cost.limit]) at_once_[cost.limit]->end();
    if (settings_.scenario.limits[cost.limit].kind == LimitKind::counted_at_end)
      windows_[cost.limit]->count(events_.now(), cost.real);
  }
  events_.after(seconds(0.005 + random_.unit() * 0.075),
                [this, call, node, life] { ended_here(call, node, life); });
}

void World::ended_here(const std::shared_ptr<Call>& call, int node, std::uint64_t life) {
  auto& process = *processes_[static_cast<std::size_t>(node)];
  if (!process.up || process.life != life) return;
  if (process.paused_until > events_.now()) {
    events_.at(process.paused_until + Duration(1000),
               [this, call, node, life] { ended_here(call, node, life); });
    return;
  }
  bool hurry = false;
  for (const auto& cost : call->costs) {
    if (cost.floor)
      process.floors[cost.limit]->end(cost.estimate, cost.real, local(process));
    else
      process.permits[cost.limit]->finish(cost.estimate, cost.real);
  }
  serve(process, call->key);
  for (const auto& cost : call->costs) {
    const auto& spec = settings_.scenario.limits[cost.limit];
    if (spec.kind == LimitKind::concurrency && spec.units <= 2 * settings_.nodes)
      hurry |= process.permits[cost.limit]->give_back(0) > 0;  // a floor's places stay
  }
  cluster::Outbox out;
  if (hurry) process.node->hurry(local(process), out);
  transmit(node, out);
  follow_up(process);
}

void World::refuse(const std::shared_ptr<Call>& call) {
  call->state = Call::State::refused;
}

}  // namespace troupe::simulation
