// troupe-sim-money: seeded worlds of money; a failing seed reproduces exactly.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "tests/simulation/money/world.hpp"

using namespace troupe::simulation;

int main(int argc, char** argv) {
  std::uint64_t seeds = 100, from = 1;
  bool verbose = false, clean = false;
  CLI::App app("Seeded simulation of budgets. Exit 1 when one is passed, forgotten or stuck.");
  app.add_option("--seeds", seeds, "how many")->capture_default_str();
  app.add_option("--from", from, "the first seed")->capture_default_str();
  app.add_flag("--clean", clean, "without faults");
  app.add_flag("-v", verbose, "every seed");
  CLI11_PARSE(app, argc, argv);
  int failed = 0;
  double used = 0, doubt = 0, wait = 0;
  std::uint64_t faults = 0, calls = 0, alerts = 0, repeats = 0;
  for (auto seed = from; seed < from + seeds; ++seed) {
    auto settings = money_by_seed(seed);
    if (clean) settings.faults = 0;
    const auto outcome = run_money(settings);
    failed += !outcome.broken.empty();
    used += outcome.used;
    doubt += outcome.in_doubt;
    wait = std::max(wait, outcome.longest_wait);
    faults += outcome.faults;
    calls += outcome.calls;
    alerts += outcome.alerts;
    repeats += outcome.repeats;
    if (!verbose && outcome.broken.empty()) continue;
    std::printf(
        "%sseed %llu: %d nodes, %llu faults, %llu treasurers, %llu calls, %llu refused, used %.4f, in doubt "
        "%.4f, "
        "lost %.4f, messages %llu\n",
        outcome.broken.empty() ? "" : "FAILED: troupe-sim-money --seeds 1 --from N, ",
        static_cast<unsigned long long>(seed), settings.nodes,
        static_cast<unsigned long long>(outcome.faults), static_cast<unsigned long long>(outcome.treasurers),
        static_cast<unsigned long long>(outcome.calls), static_cast<unsigned long long>(outcome.refused),
        outcome.used, outcome.in_doubt, outcome.lost, static_cast<unsigned long long>(outcome.messages));
    for (const auto& broken : outcome.broken) std::printf("  BROKEN: %s\n", broken.c_str());
  }
  const auto count = static_cast<double>(seeds);
  std::printf(
      "%llu seeds, %llu faults, %llu calls: %d failed; used %.2f %%, in doubt %.2f %%, longest wait %.2f s; "
      "%llu alerts, %llu told again\n",
      static_cast<unsigned long long>(seeds), static_cast<unsigned long long>(faults),
      static_cast<unsigned long long>(calls), failed, 100 * used / count, 100 * doubt / count, wait,
      static_cast<unsigned long long>(alerts), static_cast<unsigned long long>(repeats));
  return failed ? 1 : 0;
}
