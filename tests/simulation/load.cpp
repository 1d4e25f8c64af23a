#include "tests/simulation/load.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace troupe::simulation {
namespace {

using cluster::LimitKind;
constexpr double kBurstEvery = 37, kBurstLasts = 4, kHotEvery = 20, kZipf = 1.1;

std::size_t add(Scenario& scenario, std::string name, LimitKind kind, cluster::Units units,
                cluster::Units quantum = 1) {
  const auto id = scenario.limits.size();
  scenario.limits.push_back({id + 1, kind, units, std::chrono::seconds(60), quantum});
  scenario.names.push_back(std::move(name));
  return id;
}

double exponential(Random& random, double rate) {
  return -std::log(1 - random.unit()) / rate;
}

double log_normal(Random& random, double mean, double deviation) {
  const double radius = std::sqrt(-2 * std::log(1 - random.unit()));
  return std::exp(mean + deviation * radius * std::cos(2 * std::numbers::pi * random.unit()));
}

std::vector<double> zipf(int nodes) {
  std::vector<double> sums;
  double sum = 0;
  for (int i = 0; i < nodes; ++i) sums.push_back(sum += 1 / std::pow(i + 1, kZipf));
  for (auto& value : sums) value /= sum;
  return sums;
}

std::vector<int> shuffled(Random& random, int nodes) {
  std::vector<int> order(static_cast<std::size_t>(nodes));
  std::iota(order.begin(), order.end(), 0);
  for (auto i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

void price(Call& call, const Scenario& scenario, const Key& key, Random& random) {
  cluster::Units estimate = 0, real = 0;
  if (key.tokens == Key::Tokens::at_admission) {
    estimate = real =
        std::min<cluster::Units>(8000, static_cast<cluster::Units>(log_normal(random, 6.6, 0.8)) + 50);
  } else if (key.tokens == Key::Tokens::at_end) {
    real = std::min<cluster::Units>(4000, static_cast<cluster::Units>(log_normal(random, 6.2, 0.7)) + 20);
    const auto guess = static_cast<cluster::Units>(static_cast<double>(real) * (1 + 1.2 * random.unit()));
    estimate = std::min<cluster::Units>(4000, std::max(real, guess));
  }
  for (const auto limit : key.limits) {
    const auto& spec = scenario.limits[limit];
    const bool tokens = spec.quantum > 1;
    call.costs.push_back({limit, tokens ? estimate : 1, tokens ? real : 1});
  }
}

}  // namespace

Scenario rate_scenario(bool bursts) {
  Scenario out;
  for (const int rpm : {60, 600, 6000}) {
    const auto name = std::to_string(rpm) + " rpm";
    out.keys.push_back({name,
                        {add(out, name, LimitKind::window, rpm)},
                        static_cast<double>(rpm),
                        Key::Tokens::none,
                        false,
                        bursts});
  }
  out.keys.push_back({"tpm",
                      {add(out, "tpm", LimitKind::window, 400000, 2000)},
                      400,
                      Key::Tokens::at_admission,
                      false,
                      bursts});
  return out;
}

Scenario kinds_scenario(bool big) {
  Scenario out;
  out.keys.push_back(
      {"5 rpm", {add(out, "5 rpm", LimitKind::window, 5)}, 5, Key::Tokens::none, false, false});
  for (const int rpm : {60, 600, 6000}) {
    if (rpm == 6000 && !big) continue;
    const auto name = std::to_string(rpm) + " rpm";
    out.keys.push_back({name,
                        {add(out, name, LimitKind::window, rpm)},
                        static_cast<double>(rpm),
                        Key::Tokens::none,
                        false,
                        true});
  }
  const auto both = add(out, "500 rpm of rpm+tpm", LimitKind::window, 500);
  out.keys.push_back({"rpm+tpm",
                      {both, add(out, "tpm", LimitKind::window, 400000, 2000)},
                      400,
                      Key::Tokens::at_admission,
                      false,
                      true});
  out.keys.push_back({"otpm",
                      {add(out, "otpm", LimitKind::counted_at_end, 60000, 1000)},
                      80,
                      Key::Tokens::at_end,
                      true,
                      true});
  out.keys.push_back(
      {"1 at once", {add(out, "1 at once", LimitKind::concurrency, 1)}, 12, Key::Tokens::none, true, false});
  out.keys.push_back({"20 at once",
                      {add(out, "20 at once", LimitKind::concurrency, 20)},
                      260,
                      Key::Tokens::none,
                      true,
                      true});
  return out;
}

std::vector<std::shared_ptr<Call>> arrivals(const Scenario& scenario, std::size_t key, double factor,
                                            Duration span, int nodes, Duration longest_call,
                                            std::uint64_t seed) {
  Random random(seed * 104729 + key * 31 + 7);
  const auto& what = scenario.keys[key];
  const double base = what.per_minute * factor / 60;
  const double calm = what.bursts ? base / (1 + 2 * kBurstLasts / kBurstEvery) : base;
  const double peak = what.bursts ? calm * 3 : calm;
  const auto shares = zipf(nodes);
  const double phase = random.unit() * kBurstEvery, end = in_seconds(span);
  std::vector<std::vector<int>> orders;
  for (int i = 0; i <= static_cast<int>(end / kHotEvery) + 1; ++i) orders.push_back(shuffled(random, nodes));
  std::vector<std::shared_ptr<Call>> out;
  for (double t = exponential(random, peak); t < end; t += exponential(random, peak)) {
    const bool burst = !what.bursts || std::fmod(t + phase, kBurstEvery) < kBurstLasts;
    if (!burst && random.unit() * peak > calm) continue;
    auto call = std::make_shared<Call>();
    call->key = key;
    call->arrived = Time(seconds(t));
    const auto rank = std::lower_bound(shares.begin(), shares.end(), random.unit()) - shares.begin();
    call->node = orders[static_cast<std::size_t>(t / kHotEvery)]
                       [static_cast<std::size_t>(std::min<std::ptrdiff_t>(rank, nodes - 1))];
    call->hot = rank == 0;
    call->period = static_cast<std::size_t>(t / kHotEvery) + 1;
    price(*call, scenario, what, random);
    if (what.lasting)
      call->lasts = std::min(longest_call - std::chrono::seconds(2), seconds(log_normal(random, 1.2, 0.7)));
    out.push_back(std::move(call));
  }
  return out;
}

}  // namespace troupe::simulation
