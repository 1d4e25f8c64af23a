// troupe-sim: seeded worlds of the permit protocol; a failing seed reproduces exactly.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <mutex>
#include <numeric>
#include <thread>

#include "tests/simulation/world.hpp"

using namespace troupe;
using namespace troupe::simulation;

namespace {

struct Options {
  std::uint64_t seeds = 100, from = 1;
  int nodes = 0;
  double factor = 0, every = 0, span = 300;
  bool clean = false, table = false, verbose = false;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
};

WorldSettings world_of(const Options& options, std::uint64_t seed) {
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
  out.timing.lease = std::chrono::milliseconds(kLeases[random.below(2)]);
  out.voters = out.nodes >= 5 && random.below(2) ? 5 : 3;
  out.network.late = random.below(2) ? 0.001 : 0.03;
  out.network.twice = random.below(4) ? 0.01 : 0.5;
  out.span = seconds(options.span);
  out.scenario = options.table ? rate_scenario() : kinds_scenario(false);
  if (options.table) {
    out.timing.lease = std::chrono::seconds(10);
    out.network = {};
    out.voters = 3;
  }
  if (options.nodes > 0) out.nodes = options.nodes;
  if (options.factor > 0) out.factor = options.factor;
  if (options.every > 0) every = options.every;
  if (!options.clean) out.faults = random_faults(seed, out.nodes, out.voters, out.span, every);
  return out;
}

void describe(std::uint64_t seed, const Outcome& outcome) {
  std::printf("seed %llu: elections %llu, msg/s/node %.1f, B/s/node %.0f\n",
              static_cast<unsigned long long>(seed), static_cast<unsigned long long>(outcome.elections),
              outcome.messages_per_node, outcome.bytes_per_node);
  for (const auto& key : outcome.keys)
    std::printf(
        "  key: arrived %lld sent %lld ideal %.0f used %.1f %% connected %.1f %% at once %.0f %%\n",
        static_cast<long long>(key.arrived), static_cast<long long>(key.sent), key.ideal, 100 * key.used(),
        100 * key.used_connected(),
        100.0 * static_cast<double>(key.at_once) / static_cast<double>(std::max<std::int64_t>(1, key.sent)));
  for (const auto& limit : outcome.limits)
    if (limit.over)
      std::printf("  OVER: limit %lld, worst %lld at %.3f s\n", static_cast<long long>(limit.limit),
                  static_cast<long long>(limit.worst), in_seconds(limit.worst_at.time_since_epoch()));
  for (const auto& broken : outcome.broken) std::printf("  BROKEN: %s\n", broken.c_str());
}

struct Sums {
  std::uint64_t failed = 0, faults = 0, elections = 0;
  double used = 0, connected = 0, keys = 0, messages = 0, bytes = 0;
  std::vector<double> used_by_key;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app(
      "Seeded simulation of the permit protocol. Exit 1 when a seed passes a limit or breaks an invariant.");
  app.add_option("--seeds", options.seeds, "how many")->capture_default_str();
  app.add_option("--from", options.from, "the first seed")->capture_default_str();
  app.add_option("--nodes", options.nodes, "instead of 3, 5, 7 or 10 by seed");
  app.add_option("--factor", options.factor, "demand over limit, instead of 0.9, 1.5 or 3 by seed");
  app.add_option("--every", options.every, "mean seconds between faults, instead of 6 to 60 by seed");
  app.add_option("--span", options.span, "simulated seconds")->capture_default_str();
  app.add_option("--jobs", options.jobs, "threads");
  app.add_flag("--clean", options.clean, "without faults");
  app.add_flag("--table", options.table, "the keys and the network of the table in docs/protocol.md");
  app.add_flag("-v", options.verbose, "every seed");
  CLI11_PARSE(app, argc, argv);

  std::mutex mutex;
  std::uint64_t next = options.from;
  Sums sums;
  const auto work = [&] {
    for (;;) {
      std::uint64_t seed = 0;
      {
        const std::lock_guard lock(mutex);
        if (next >= options.from + options.seeds) return;
        seed = next++;
      }
      const auto settings = world_of(options, seed);
      const auto outcome = World(settings).run();
      const std::lock_guard lock(mutex);
      if (!outcome.safe()) ++sums.failed;
      if (!outcome.safe() || options.verbose) describe(seed, outcome);
      sums.faults += settings.faults.size();
      sums.elections += outcome.elections;
      sums.messages += outcome.messages_per_node;
      sums.bytes += outcome.bytes_per_node;
      sums.used_by_key.resize(outcome.keys.size());
      for (std::size_t i = 0; i < outcome.keys.size(); ++i) {
        const auto& key = outcome.keys[i];
        sums.used += key.used(), sums.connected += key.used_connected(), sums.keys += 1;
        sums.used_by_key[i] += key.used_connected();
      }
    }
  };
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < options.jobs; ++i) threads.emplace_back(work);
  threads.clear();
  const auto count = static_cast<double>(options.seeds);
  std::printf(
      "%llu seeds, %llu faults, %llu elections: %llu failed; used %.1f %%, of connected demand %.1f %% (",
      static_cast<unsigned long long>(options.seeds), static_cast<unsigned long long>(sums.faults),
      static_cast<unsigned long long>(sums.elections), static_cast<unsigned long long>(sums.failed),
      100 * sums.used / sums.keys, 100 * sums.connected / sums.keys);
  for (const auto used : sums.used_by_key) std::printf(" %.1f", 100 * used / count);
  std::printf(" ); %.1f msg/s/node, %.0f B/s/node\n", sums.messages / count, sums.bytes / count);
  return sums.failed ? 1 : 0;
}
