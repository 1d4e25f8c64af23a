#include "tests/simulation/baselines.hpp"

#include <algorithm>

namespace troupe::simulation {
namespace {

using cluster::Units;
using std::chrono::milliseconds;
constexpr Duration kTick = milliseconds(10), kGossip = milliseconds(500), kSync = std::chrono::seconds(1);
constexpr Duration kAsk = milliseconds(50);  // between two questions to the owner for one call
constexpr double kMargin = 0.95, kWarm = 5;
constexpr std::size_t kMessage = 64;

/// What was sent within the window.
class Log {
 public:
  void add(Time now, Units units) {
    log_.emplace_back(now, units);
    sum_ += units;
  }
  Units sum(Time now, Duration window) {
    for (; !log_.empty() && log_.front().first <= now - window; log_.pop_front()) sum_ -= log_.front().second;
    return sum_;
  }

 private:
  std::deque<std::pair<Time, Units>> log_;
  Units sum_ = 0;
};

struct Heard {
  Time at = cluster::kLongAgo;
  Units sum = 0;
};

/// One node's knowledge of one limit.
struct Count {
  Log own;
  std::map<int, Heard> others;  ///< gossip: by node
  Heard all;                    ///< store: the sum there, without `unsent`
  Units unsent = 0;             ///< store: sent since the last sync left
};

struct Process {
  bool up = true;
  Time paused_until{};
  std::uint64_t life = 0;
  std::vector<Count> counts;
  std::deque<std::shared_ptr<Call>> waiting;
};

class Baseline {
 public:
  Baseline(const WorldSettings& settings, Scheme scheme)
      : settings_(settings),
        scheme_(scheme),
        random_(settings.seed * 31337 + 5),
        network_(events_, settings.network, settings.seed * 7919 + 1),
        trouble_(events_, network_, settings.network.loss, stage()),
        processes_(static_cast<std::size_t>(settings.nodes)),
        stored_(settings.scenario.limits.size()) {
    for (const auto& limit : settings.scenario.limits) windows_.emplace_back(limit.units, limit.window);
    out_.keys.resize(settings.scenario.keys.size());
  }

  Outcome run() {
    for (int node = 0; node < settings_.nodes; ++node) boot(node);
    std::vector<std::vector<std::shared_ptr<Call>>> calls;
    for (std::size_t key = 0; key < settings_.scenario.keys.size(); ++key) {
      calls.push_back(arrivals(settings_.scenario, key, settings_.factor, settings_.span, settings_.nodes,
                               settings_.timing.longest_call, settings_.seed));
      for (const auto& call : calls.back()) events_.at(call->arrived, [this, call] { arrive(call); });
    }
    trouble_.plan(settings_.faults);
    events_.run(Time(settings_.span));
    for (std::size_t key = 0; key < calls.size(); ++key) {
      out_.keys[key].ideal = ideal(settings_.scenario, key, calls[key], settings_.park, false);
      out_.keys[key].ideal_connected = ideal(settings_.scenario, key, calls[key], settings_.park, true);
    }
    for (std::size_t i = 0; i < windows_.size(); ++i)
      out_.limits.push_back({settings_.scenario.limits[i].units, windows_[i].worst(), windows_[i].over(),
                             windows_[i].total(), windows_[i].worst_at()});
    const double node_seconds = settings_.nodes * in_seconds(settings_.span);
    out_.messages_per_node = static_cast<double>(network_.messages()) / node_seconds;
    out_.bytes_per_node = static_cast<double>(network_.bytes()) / node_seconds;
    return out_;
  }

 private:
  Stage stage() {
    return {settings_.nodes,
            std::min(settings_.voters, settings_.nodes),
            [] { return 0; },
            [this](int node) { return healthy(node); },
            [this](int node, Duration lasts) { kill(node, lasts); },
            [this](int node, Duration lasts) {
              at(node).paused_until = std::max(at(node).paused_until, events_.now() + lasts);
            }};
  }
  Process& at(int node) { return processes_[static_cast<std::size_t>(node)]; }
  bool healthy(int node) { return at(node).up && at(node).paused_until <= events_.now(); }

  void boot(int node) {
    auto& process = at(node);
    process.up = true;
    process.paused_until = Time{};
    process.counts.assign(settings_.scenario.limits.size(), {});
    process.waiting.clear();
    const auto life = ++process.life;
    every(node, life, kTick, [this, node] { serve(node); });
    if (scheme_ == Scheme::gossip) every(node, life, kGossip, [this, node] { gossip(node); });
    if (scheme_ == Scheme::store) every(node, life, kSync, [this, node] { sync(node); });
  }
  void kill(int node, Duration lasts) {
    if (!at(node).up) return;
    at(node).up = false;
    events_.after(lasts, [this, node] { boot(node); });
  }
  void every(int node, std::uint64_t life, Duration period, const std::function<void()>& what) {
    const auto first =
        Duration(static_cast<Duration::rep>(random_.below(static_cast<std::uint64_t>(period.count()))));
    events_.after(first, [this, node, life, period, what] { again(node, life, period, what); });
  }
  void again(int node, std::uint64_t life, Duration period, const std::function<void()>& what) {
    if (!at(node).up || at(node).life != life) return;
    if (healthy(node)) what();
    events_.after(period, [this, node, life, period, what] { again(node, life, period, what); });
  }
  void tell(int from, int to, const std::function<void()>& heard) {
    network_.send(from, to, kMessage, [this, to, heard] {
      if (to >= settings_.nodes || healthy(to)) heard();
    });
  }

  void arrive(const std::shared_ptr<Call>& call) {
    if (!healthy(call->node)) {
      std::vector<int> well;
      for (int node = 0; node < settings_.nodes; ++node)
        if (healthy(node)) well.push_back(node);
      if (well.empty()) return;
      call->node = well[random_.below(well.size())];
    }
    call->connected = trouble_.connected(call->node);
    if (in_seconds(call->arrived.time_since_epoch()) >= kWarm) ++out_.keys[call->key].arrived;
    if (scheme_ == Scheme::owner) return ask(call, at(call->node).life);
    at(call->node).waiting.push_back(call);
    serve(call->node);
  }
  void serve(int node) {
    auto& waiting = at(node).waiting;
    std::deque<std::shared_ptr<Call>> rest;
    for (const auto& call : waiting) {
      if (events_.now() > call->arrived + settings_.park) continue;
      if (fits(node, *call))
        send(node, call);
      else
        rest.push_back(call);
    }
    waiting.swap(rest);
  }
  bool fits(int node, const Call& call) {
    return std::all_of(call.costs.begin(), call.costs.end(), [&](const Cost& cost) {
      return known(node, cost.limit) + cost.estimate <= allowed(node, cost.limit);
    });
  }
  Units allowed(int node, std::size_t limit) const {
    const auto units = settings_.scenario.limits[limit].units;
    if (scheme_ != Scheme::split) return units;
    const auto parts = static_cast<Units>(static_cast<double>(units) * kMargin);
    return parts / settings_.nodes + (node < parts % settings_.nodes ? 1 : 0);
  }
  Units known(int node, std::size_t limit) {
    const auto now = events_.now();
    const auto window = settings_.scenario.limits[limit].window;
    auto& count = at(node).counts[limit];
    if (scheme_ == Scheme::store) return (count.all.at > now - window ? count.all.sum : 0) + count.unsent;
    auto sum = count.own.sum(now, window);
    for (const auto& [other, heard] : count.others)
      if (heard.at > now - window) sum += heard.sum;
    return sum;
  }

  void gossip(int node) {
    std::vector<Units> sums;
    for (std::size_t limit = 0; limit < stored_.size(); ++limit)
      sums.push_back(at(node).counts[limit].own.sum(events_.now(), settings_.scenario.limits[limit].window));
    for (int other = 0; other < settings_.nodes; ++other) {
      if (other == node) continue;
      tell(node, other, [this, node, other, sums, when = events_.now()] {
        for (std::size_t limit = 0; limit < sums.size(); ++limit) {
          auto& heard = at(other).counts[limit].others[node];
          if (when > heard.at) heard = {when, sums[limit]};
        }
      });
    }
  }
  void sync(int node) {
    std::vector<Units> news;
    for (auto& count : at(node).counts) news.push_back(count.unsent);
    const int store = settings_.nodes;
    const auto life = at(node).life;
    tell(node, store, [this, node, store, news, life, when = events_.now()] {
      std::vector<Units> sums;
      for (std::size_t limit = 0; limit < news.size(); ++limit) {
        stored_[limit].add(events_.now(), news[limit]);
        sums.push_back(stored_[limit].sum(events_.now(), settings_.scenario.limits[limit].window));
      }
      tell(store, node, [this, node, life, news, sums, when] {
        if (at(node).life != life) return;
        for (std::size_t limit = 0; limit < news.size(); ++limit) {
          auto& count = at(node).counts[limit];
          if (when <= count.all.at) continue;
          count.all = {when, sums[limit]};
          count.unsent = std::max<Units>(0, count.unsent - news[limit]);
        }
      });
    });
  }

  /// Until the answer is yes or the call gives up. A yes that comes too late is lost.
  void ask(const std::shared_ptr<Call>& call, std::uint64_t life) {
    if (call->state != Call::State::waiting || events_.now() > call->arrived + settings_.park) return;
    const int node = call->node, owner = 0;
    if (!healthy(node) || at(node).life != life) return;
    tell(node, owner, [this, call, node, owner] {
      if (!fits(owner, *call)) return;
      for (const auto& cost : call->costs) at(owner).counts[cost.limit].own.add(events_.now(), cost.estimate);
      tell(owner, node, [this, call] {
        if (call->state == Call::State::waiting && events_.now() <= call->arrived + settings_.park)
          sent(call);
      });
    });
    events_.after(scheme_ == Scheme::owner ? kAsk * 2 : kAsk, [this, call, life] { ask(call, life); });
  }
  void send(int node, const std::shared_ptr<Call>& call) {
    for (const auto& cost : call->costs) {
      at(node).counts[cost.limit].own.add(events_.now(), cost.estimate);
      at(node).counts[cost.limit].unsent += cost.estimate;
    }
    sent(call);
  }
  void sent(const std::shared_ptr<Call>& call) {
    call->state = Call::State::sent;
    if (in_seconds(call->arrived.time_since_epoch()) >= kWarm) {
      ++out_.keys[call->key].sent;
      out_.keys[call->key].sent_connected += call->connected;
    }
    events_.after(seconds(0.005 + random_.unit() * 0.075), [this, call] {
      for (const auto& cost : call->costs) windows_[cost.limit].count(events_.now(), cost.real);
    });
  }

  WorldSettings settings_;
  Scheme scheme_;
  Events events_;
  Random random_;
  Network network_;
  Trouble trouble_;
  std::vector<Process> processes_;
  std::vector<Log> stored_;
  std::vector<RollingOracle> windows_;
  Outcome out_;
};

}  // namespace

Outcome run_baseline(const WorldSettings& settings, Scheme scheme) {
  return Baseline(settings, scheme).run();
}

}  // namespace troupe::simulation
