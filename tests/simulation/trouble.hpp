#pragma once
// Faults, carried out on a network and on whatever runs on its nodes.
#include <functional>
#include <vector>

#include "tests/simulation/network.hpp"

namespace troupe::simulation {

struct Fault {
  enum class What : std::uint8_t { kill, pause, split, cut, slow, loss } what = What::kill;
  Time at{};
  Duration lasts{};
  int node = -1;                           ///< kAllocator: whoever is in office then
  std::vector<int> groups;                 ///< split; empty: the allocator alone
  std::vector<std::pair<int, int>> links;  ///< cut and slow; kAllocator and kEverybody stand for nodes
  double value = 0;                        ///< slow: seconds more; loss: share
};
constexpr int kAllocator = -2, kEverybody = -3;

/// What faults are done to. The functions may be called at any time.
struct Stage {
  int nodes = 0, voters = 0;
  std::function<int()> allocator;  ///< -1: nobody is in office
  std::function<bool(int node)> healthy;
  std::function<void(int node, Duration lasts)> kill, pause;
};

class Trouble {
 public:
  Trouble(Events& events, Network& network, double usual_loss, Stage stage)
      : events_(events), network_(network), usual_loss_(usual_loss), stage_(std::move(stage)) {}

  /// Strikes each when its time has come.
  void plan(const std::vector<Fault>& faults);
  /// Whether a majority of the voters is well and within reach of `node`, both ways.
  bool connected(int node) const;

 private:
  void strike(const Fault& fault);
  void split(const Fault& fault);
  void links(const Fault& fault);
  std::vector<std::pair<int, int>> links_of(const Fault& fault) const;
  void heal(const std::vector<std::pair<int, int>>& links, bool slow);

  Events& events_;
  Network& network_;
  double usual_loss_;
  Stage stage_;
  std::uint64_t splits_ = 0, losses_ = 0;
};

}  // namespace troupe::simulation
