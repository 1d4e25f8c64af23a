#include "tests/simulation/seeded.hpp"

#include <algorithm>
#include <mutex>
#include <thread>

namespace troupe::simulation {
namespace {

using std::chrono::milliseconds;

Fault fault(Fault::What what, double at, double lasts, int node = -1) {
  Fault out;
  out.what = what;
  out.at = Time(seconds(at));
  out.lasts = seconds(lasts);
  out.node = node;
  return out;
}

Fault links(Fault::What what, double at, double lasts, std::vector<std::pair<int, int>> which,
            double value = 0) {
  auto out = fault(what, at, lasts);
  out.links = std::move(which);
  out.value = value;
  return out;
}

/// The allocator hears no voter any more but goes on talking to nodes: what it grants then must not count.
std::vector<Fault> deaf_allocator(Random& random) {
  std::vector<Fault> out;
  for (double t = 15; t < 280; t += 25) {
    out.push_back(links(Fault::What::cut, t, 8, {{0, kAllocator}, {1, kAllocator}, {2, kAllocator}}));
    if (random.below(2)) out.push_back(fault(Fault::What::kill, t + 1.5, 3, kAllocator));
  }
  return out;
}

/// Allocator 0 keeps half of the nodes and voter 1 forgets its promise while 2 asks for one.
std::vector<Fault> forgetful_voter(int nodes, Random& random) {
  std::vector<Fault> out;
  for (double t = 14; t < 270; t += 45) {
    const int a = static_cast<int>(random.below(3)), b = (a + 1) % 3, c = (a + 2) % 3;
    out.push_back(links(Fault::What::cut, t, 30, {{a, c}, {c, a}}));
    for (int node = 3; node < nodes; ++node) {
      const int hidden = node % 2 ? a : c;
      out.push_back(links(Fault::What::cut, t, 30, {{hidden, node}, {node, hidden}}));
    }
    for (double after = 1 + random.unit(); after < 28; after += 2.3 + 4 * random.unit())
      out.push_back(fault(Fault::What::kill, t + after, 0.02, b));
  }
  return out;
}

/// Answers come 8 s late, then reports do not come at all: leases must count from the question.
std::vector<Fault> late_answers(int nodes) {
  std::vector<Fault> out;
  for (double t = 20; t < 250; t += 90) {
    std::vector<std::pair<int, int>> answers, reports;
    for (int node = 3; node < nodes; ++node) {
      for (int voter = 0; voter < 3; ++voter) {
        answers.emplace_back(voter, node);
        reports.emplace_back(node, voter);
      }
    }
    out.push_back(links(Fault::What::slow, t, 20, std::move(answers), 8));
    out.push_back(links(Fault::What::cut, t + 9, 40, std::move(reports)));
  }
  return out;
}

/// Every voter dies, again and again, while two nodes are out of reach: nothing is known, all is claimed.
std::vector<Fault> cold_starts(int nodes, Random& random) {
  std::vector<Fault> out;
  for (double t = 20; t < 280; t += 7 + 20 * random.unit()) {
    for (int voter = 0; voter < 3; ++voter) out.push_back(fault(Fault::What::kill, t, 0.05, voter));
    const int hidden = nodes - 1 - static_cast<int>(random.below(2));
    out.push_back(links(Fault::What::cut, t - 2, 12, {{hidden, kEverybody}, {kEverybody, hidden}}));
  }
  return out;
}

/// One voter after the other forgets what it knew while the allocator hops.
std::vector<Fault> rolling_restart(Random& random) {
  std::vector<Fault> out;
  int voter = 0;
  for (double t = 12; t < 285; t += 0.4 + 6 * random.unit() * random.unit()) {
    const bool in_office = random.below(3) == 0;
    out.push_back(fault(Fault::What::kill, t, 0.05 + random.unit(), in_office ? kAllocator : voter));
    voter = (voter + 1) % 3;
  }
  return out;
}

/// Nodes stop for longer than their lease and wake up with permits in hand.
std::vector<Fault> long_pauses(int nodes, Random& random) {
  std::vector<Fault> out;
  for (double t = 15; t < 270; t += 4 + 8 * random.unit()) {
    const auto node = static_cast<int>(random.below(static_cast<std::uint64_t>(nodes)));
    out.push_back(
        fault(Fault::What::pause, t, 1.4 + 14 * random.unit(), random.below(4) ? node : kAllocator));
    if (random.below(3) == 0) out.push_back(fault(Fault::What::kill, t + 1, 0.05, node));
  }
  return out;
}

/// One voter and half of the nodes by themselves for longer than anything cools: if it is in office, it must
/// not go on.
std::vector<Fault> island(int nodes, Random& random) {
  std::vector<Fault> out;
  for (double t = 15; t < 160; t += 145) {
    const int a = static_cast<int>(random.below(3));
    std::vector<std::pair<int, int>> cut;
    for (int voter = 0; voter < 3; ++voter) {
      if (voter != a) cut.insert(cut.end(), {{a, voter}, {voter, a}});
      for (int node = 3; node < nodes; ++node) {
        if ((node % 2 == 0) != (voter == a)) cut.insert(cut.end(), {{voter, node}, {node, voter}});
      }
    }
    out.push_back(links(Fault::What::cut, t, 120, std::move(cut)));
  }
  return out;
}

}  // namespace

static Store store_of(const Series& series, std::uint64_t seed) {
  constexpr Store kStores[] = {Store::none, Store::chance, Store::kept, Store::none};
  if (series.store >= 0) return static_cast<Store>(series.store);
  return series.table ? Store::none : kStores[Random(seed * 7 + 1).below(4)];
}

WorldSettings directed_world(std::uint64_t seed) {
  Random random(seed * 977 + 3);
  WorldSettings out;
  out.seed = seed;
  out.nodes = 7;
  out.factor = 3;
  out.scenario = kinds_scenario(false);
  out.timing.longest_call = std::chrono::seconds(30);
  out.timing.lease = milliseconds(1500);
  out.network.twice = seed / kDirected % 2 ? 0.5 : 0.01;
  out.network.late = seed / kDirected % 3 ? 0.03 : 0.001;
  switch (seed % kDirected) {
    case 0:
      out.faults = deaf_allocator(random);
      break;
    case 1:
      out.faults = forgetful_voter(out.nodes, random);
      out.park = std::chrono::seconds(5);
      break;
    case 2:
      out.faults = late_answers(out.nodes);
      break;
    case 3:
      out.timing.lease = std::chrono::seconds(10);
      out.faults = cold_starts(out.nodes, random);
      break;
    case 4:
      out.faults = rolling_restart(random);
      break;
    case 5:
      out.faults = island(out.nodes, random);
      break;
    default:
      out.faults = long_pauses(out.nodes, random);
  }
  return out;
}

/// Floors that end while nodes are cut off, and floors that do not.
static void keep_floors(WorldSettings& world, double share, std::uint64_t seed) {
  constexpr int kLives[] = {8, 25, 70, 3600};
  world.floor = share;
  world.timing.floor_life = std::chrono::seconds(kLives[Random(seed * 11 + 5).below(4)]);
}

WorldSettings world_of(const Series& series, std::uint64_t seed) {
  if (series.directed) {
    auto out = directed_world(seed);
    out.store = store_of(series, seed);
    keep_floors(out, series.floor, seed);
    return out;
  }
  Random random(seed);
  constexpr int kNodes[] = {3, 5, 7, 10};
  constexpr double kFactors[] = {0.9, 1.5, 3.0}, kEvery[] = {6, 15, 30, 60};
  constexpr int kLeases[] = {1500, 10000};
  WorldSettings out;
  out.seed = seed;
  out.nodes = kNodes[random.below(4)];
  out.factor = kFactors[random.below(3)];
  double every = kEvery[random.below(4)];
  out.timing.longest_call = std::chrono::seconds(30);
  out.timing.lease = milliseconds(kLeases[random.below(2)]);
  out.voters = out.nodes >= 5 && random.below(2) ? 5 : 3;
  out.network.late = random.below(2) ? 0.001 : 0.03;
  out.network.twice = random.below(4) ? 0.01 : 0.5;
  out.span = seconds(series.span);
  out.scenario = series.table ? rate_scenario() : kinds_scenario(false);
  if (series.table) {
    out.timing.lease = std::chrono::seconds(10);
    out.network = {};
    out.voters = 3;
  }
  if (series.nodes > 0) out.nodes = series.nodes;
  if (series.factor > 0) out.factor = series.factor;
  if (series.every > 0) every = series.every;
  out.store = store_of(series, seed);
  out.mixed = series.mixed;
  keep_floors(out, series.floor, seed);
  if (!series.clean) out.faults = random_faults(seed, out.nodes, out.voters, out.span, every, series.only);
  return out;
}

std::string reproduce(const Series& series, std::uint64_t seed) {
  std::string out = "troupe-sim --seeds 1 --from " + std::to_string(seed);
  if (series.store >= 0) out += " --store " + std::to_string(series.store);
  if (series.floor > 0) out += " --floor " + std::to_string(series.floor);
  if (series.directed) return out + " --directed";
  if (series.nodes > 0) out += " --nodes " + std::to_string(series.nodes);
  if (series.factor > 0) out += " --factor " + std::to_string(series.factor);
  if (series.every > 0) out += " --every " + std::to_string(series.every);
  if (series.only >= 0) out += " --only " + std::to_string(series.only);
  if (series.span != Series{}.span) out += " --span " + std::to_string(series.span);
  if (series.clean) out += " --clean";
  if (series.mixed) out += " --mixed";
  if (series.table) out += " --table";
  return out;
}

std::uint64_t run_all(const Series& series,
                      const std::function<void(std::uint64_t, const WorldSettings&, const Outcome&)>& done) {
  std::mutex mutex;
  std::uint64_t next = series.from, failed = 0;
  const auto work = [&] {
    for (;;) {
      std::uint64_t seed = 0;
      {
        const std::lock_guard lock(mutex);
        if (next >= series.from + series.seeds) return;
        seed = next++;
      }
      const auto settings = world_of(series, seed);
      const bool ours = series.scheme == Scheme::permits;
      const auto outcome = ours ? World(settings).run() : run_baseline(settings, series.scheme);
      const std::lock_guard lock(mutex);
      failed += !outcome.safe();
      done(seed, settings, outcome);
    }
  };
  std::vector<std::jthread> threads;
  const auto jobs = series.jobs ? series.jobs : std::max(1U, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < jobs; ++i) threads.emplace_back(work);
  threads.clear();
  return failed;
}

}  // namespace troupe::simulation
