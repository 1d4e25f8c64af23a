// troupe-sim: seeded worlds of the permit protocol; a failing seed reproduces exactly.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>

#include "tests/simulation/seeded.hpp"

using namespace troupe;
using namespace troupe::simulation;

namespace {

void describe(const Series& series, std::uint64_t seed, const Outcome& outcome) {
  if (!outcome.safe()) std::printf("FAILED: %s\n", reproduce(series, seed).c_str());
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
  std::uint64_t faults = 0, elections = 0;
  double used = 0, connected = 0, keys = 0, messages = 0, bytes = 0, over = 0, alone = 0;
  std::vector<double> waits;
  std::vector<std::vector<double>> hot;
  std::vector<double> used_by_key;

  void add(const WorldSettings& settings, const Outcome& outcome) {
    faults += settings.faults.size();
    elections += outcome.elections;
    messages += outcome.messages_per_node;
    bytes += outcome.bytes_per_node;
    waits.insert(waits.end(), outcome.waits.begin(), outcome.waits.end());
    for (const auto& limit : outcome.limits)
      over = std::max(over, static_cast<double>(limit.over) / static_cast<double>(limit.limit));
    used_by_key.resize(outcome.keys.size());
    hot.resize(outcome.hot.size());
    for (std::size_t i = 0; i < hot.size(); ++i)
      hot[i].insert(hot[i].end(), outcome.hot[i].begin(), outcome.hot[i].end());
    for (std::size_t i = 0; i < outcome.keys.size(); ++i) {
      const auto& key = outcome.keys[i];
      used += key.used(), connected += key.used_connected(), keys += 1;
      alone += static_cast<double>(key.sent_alone);
      used_by_key[i] += key.used_connected();
    }
  }
};

/// In ms; sorts.
double part(std::vector<double>& seconds, double share) {
  if (seconds.empty()) return 0;
  std::sort(seconds.begin(), seconds.end());
  return 1000 * seconds[static_cast<std::size_t>(share * static_cast<double>(seconds.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
  Series series;
  bool verbose = false;
  CLI::App app(
      "Seeded simulation of the permit protocol. Exit 1 when a seed passes a limit or breaks an invariant.");
  app.add_option("--seeds", series.seeds, "how many")->capture_default_str();
  app.add_option("--from", series.from, "the first seed")->capture_default_str();
  app.add_option("--nodes", series.nodes, "instead of 3, 5, 7 or 10 by seed");
  app.add_option("--factor", series.factor, "demand over limit, instead of 0.9, 1.5 or 3 by seed");
  app.add_option("--every", series.every, "mean seconds between faults, instead of 6 to 60 by seed");
  app.add_option("--only", series.only, "one kind of fault, 0 to 15");
  app.add_option("--store", series.store,
                 "what outlives a process: 0 nothing, 1 its voter's notes, 2 either by chance");
  app.add_option("--span", series.span, "simulated seconds")->capture_default_str();
  app.add_option("--jobs", series.jobs, "threads, instead of one per core");
  app.add_option("--floor", series.floor,
                 "share of each limit kept back for nodes that are cut off (on_partition: available)");
  app.add_flag("--clean", series.clean, "without faults");
  app.add_flag(
      "--mixed", series.mixed,
      "every other node has each limit twice as large; the smaller must hold while a node has it, so "
      "that faults other than --only 2 may pass it");
  app.add_flag("--directed", series.directed, "schedules made against single rules of the protocol");
  app.add_flag("--table", series.table, "the keys and the network of the table in docs/protocol.md");
  app.add_option("--scheme", series.scheme, "another way to share a limit, with --table")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Scheme>{{"permits", Scheme::permits},
                                                                        {"split", Scheme::split},
                                                                        {"gossip", Scheme::gossip},
                                                                        {"store", Scheme::store},
                                                                        {"owner", Scheme::owner}}));
  app.add_flag("-v", verbose, "every seed");
  CLI11_PARSE(app, argc, argv);

  Sums sums;
  const auto failed = run_all(series, [&](auto seed, const auto& settings, const auto& outcome) {
    const bool ours = series.scheme == Scheme::permits;
    if ((!outcome.safe() && ours) || verbose) describe(series, seed, outcome);
    sums.add(settings, outcome);
  });
  const auto count = static_cast<double>(series.seeds);
  std::printf(
      "%llu seeds, %llu faults, %llu elections: %llu failed; used %.1f %%, of connected demand %.1f %% (",
      static_cast<unsigned long long>(series.seeds), static_cast<unsigned long long>(sums.faults),
      static_cast<unsigned long long>(sums.elections), static_cast<unsigned long long>(failed),
      100 * sums.used / sums.keys, 100 * sums.connected / sums.keys);
  for (const auto used : sums.used_by_key) std::printf(" %.1f", 100 * used / count);
  std::printf(" ); %.1f msg/s/node, %.0f B/s/node\n", sums.messages / count, sums.bytes / count);
  std::printf("a node that has just become hot is passed by for (half, 95 %%, ms; by key):");
  for (auto& times : sums.hot) std::printf(" %.0f, %.0f;", part(times, 0.5), part(times, 0.95));
  std::printf("\n");
  if (series.floor > 0) std::printf("%.0f calls sent from floors by nodes without a lease\n", sums.alone);
  std::printf(
      "worst window over its limit by %.0f %%; calls that waited and were sent: half within %.0f ms, 99 %% "
      "within %.0f ms\n",
      100 * sums.over, part(sums.waits, 0.5), part(sums.waits, 0.99));
  return failed && series.scheme == Scheme::permits ? 1 : 0;
}
