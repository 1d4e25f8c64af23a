#pragma once
// A network that delays, loses, doubles and reorders messages, and is cut in parts or one way.
#include <map>
#include <set>

#include "core/random.hpp"
#include "tests/simulation/events.hpp"

namespace troupe::simulation {

struct NetworkSettings {
  double least = 0.001, most = 0.050;  ///< seconds; most messages are near the least
  double loss = 0.01, twice = 0.01;
  double late = 0.001, latest = 20.0;  ///< how many are late, and by how much
};

/// Where messages go, and when. Endpoints are numbers.
class Network {
 public:
  Network(Events& events, NetworkSettings settings, std::uint64_t seed);

  /// Calls `deliver` never, once or more, later.
  void send(int from, int to, std::size_t bytes, const std::function<void()>& deliver);
  bool blocked(int from, int to) const;

  void split(std::vector<int> group_of);
  void heal() { group_of_.clear(); }
  void cut(int from, int to) { ++cut_[{from, to}]; }
  void mend(int from, int to);
  void slow(int from, int to, Duration more) { slow_[{from, to}] = more; }
  void lose(double share) { settings_.loss = share; }
  bool whole() const { return group_of_.empty() && cut_.empty(); }

  std::uint64_t messages() const { return messages_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  Events& events_;
  NetworkSettings settings_;
  Random random_;
  std::vector<int> group_of_;
  std::map<std::pair<int, int>, int> cut_;
  std::map<std::pair<int, int>, Duration> slow_;
  std::uint64_t messages_ = 0, bytes_ = 0;
};

}  // namespace troupe::simulation
