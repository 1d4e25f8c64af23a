#pragma once
// What clients ask for: Poisson arrivals with bursts, spread over nodes by Zipf's law, the hot node moving.
#include <memory>
#include <string>
#include <vector>

#include "cluster/permits/limit.hpp"
#include "core/random.hpp"
#include "tests/simulation/events.hpp"

namespace troupe::simulation {

struct Cost {
  std::size_t limit = 0;  ///< index into World's limits
  cluster::Units estimate = 0, real = 0;
  bool floor = false;  ///< its permits are the node's floor's
};

/// One call, from arrival to end.
struct Call {
  enum class State : std::uint8_t { waiting, sent, refused } state = State::waiting;
  std::size_t key = 0;
  int node = 0;
  Time arrived{};
  std::vector<Cost> costs;
  Duration lasts{};
  bool hot = false;        ///< its node is the hot one of its key
  std::size_t period = 0;  ///< since the hot node moved last, counted from 1
  bool connected = true;   ///< its node could talk to a majority of voters when it arrived
};

/// One provider key: its limits, and what is asked of it.
struct Key {
  std::string name;
  std::vector<std::size_t> limits;
  double per_minute = 0;  ///< calls, at factor 1
  enum class Tokens : std::uint8_t { none, at_admission, at_end } tokens = Tokens::none;
  bool lasting = false;  ///< calls last (log-normal); else they count at admission only
  bool bursts = true;    ///< 3x for 4 s every 37 s
};

struct Scenario {
  std::vector<cluster::LimitSpec> limits;
  std::vector<std::string> names;  ///< of the limits
  std::vector<Key> keys;
};

/// 60, 600, 6000 rpm and a token window: the simulator's table.
Scenario rate_scenario(bool bursts = true);
/// Every kind of limit, tiny ones included.
Scenario kinds_scenario(bool big = true);

/// All arrivals of one key within `span` over `nodes`, in order.
std::vector<std::shared_ptr<Call>> arrivals(const Scenario& scenario, std::size_t key, double factor,
                                            Duration span, int nodes, Duration longest_call,
                                            std::uint64_t seed);

}  // namespace troupe::simulation
