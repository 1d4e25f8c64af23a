#pragma once
// Worlds by number: the same number is the same world, here, in the suite and in troupe-sim.
#include <functional>
#include <string>
#include <vector>

#include "tests/simulation/baselines.hpp"

namespace troupe::simulation {

struct Series {
  std::uint64_t from = 1, seeds = 100;
  int nodes = 0;                    ///< 0: 3, 5, 7 or 10 by seed
  double factor = 0, every = 0;     ///< demand over limit; seconds between faults; 0: by seed
  double span = 300;                ///< simulated seconds
  bool clean = false;               ///< without faults
  bool mixed = false;               ///< see WorldSettings
  bool table = false;               ///< keys and network of the table in docs/protocol.md
  bool directed = false;            ///< fault schedules made against single rules of the protocol
  double floor = 0;                 ///< share of each limit kept back as floors; 0: strict
  int store = -1;                   ///< Store; -1: by seed, none in the table
  int only = -1;                    ///< one kind of fault, of kFaultKinds
  Scheme scheme = Scheme::permits;  ///< others: with `table` only
  unsigned jobs = 0;                ///< threads; 0: one per core
};

/// The world of one number.
WorldSettings world_of(const Series& series, std::uint64_t seed);
/// A schedule against a rule of the protocol: kDirected of them, by seed.
constexpr std::uint64_t kDirected = 7;
WorldSettings directed_world(std::uint64_t seed);
/// How to run exactly that world again.
std::string reproduce(const Series& series, std::uint64_t seed);

/// Runs all worlds of a series; `done` is called for one at a time. Answers how many were not safe.
std::uint64_t run_all(const Series& series,
                      const std::function<void(std::uint64_t, const WorldSettings&, const Outcome&)>& done);

}  // namespace troupe::simulation
