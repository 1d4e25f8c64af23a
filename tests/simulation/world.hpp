#pragma once
// A cluster of production values in a simulated world: clocks that drift, a lossy network, processes that die
// or stop, providers that count for themselves.
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "cluster/permits/node.hpp"
#include "tests/simulation/hot.hpp"
#include "tests/simulation/load.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/oracle.hpp"
#include "tests/simulation/trouble.hpp"

namespace troupe::simulation {

/// What of a process outlives it: nothing, what its voter wrote down (the machine goes on), or either by
/// chance.
enum class Store : std::uint8_t { none, kept, chance };

struct WorldSettings {
  std::uint64_t seed = 1;
  int nodes = 3, voters = 3;
  double factor = 0.9;  ///< demand over limit
  Duration span = std::chrono::seconds(300);
  Duration park = std::chrono::milliseconds(250);
  Scenario scenario;
  std::vector<Fault> faults;
  cluster::Timing timing;
  NetworkSettings network;
  Store store = Store::none;
  bool mixed = false;  ///< every other node's configuration has each limit twice as large
  double floor = 0;    ///< share of each limit that is kept back for nodes that are cut off
};

/// What came out, per key and per limit.
struct Outcome {
  struct Key {
    std::int64_t arrived = 0, sent = 0, sent_connected = 0, at_once = 0;
    std::int64_t sent_alone = 0;            ///< without a lease
    double ideal = 0, ideal_connected = 0;  ///< calls one omniscient node would have sent
    double used() const { return ideal > 0 ? static_cast<double>(sent) / ideal : 1; }
    double used_connected() const {
      return ideal_connected > 0 ? static_cast<double>(sent_connected) / ideal_connected : 1;
    }
  };
  struct Limit {
    std::int64_t limit = 0, worst = 0, over = 0, total = 0;
    Time worst_at{};
  };
  std::vector<Key> keys;
  std::vector<Limit> limits;
  std::vector<std::string> broken;                   ///< invariants that did not hold
  double messages_per_node = 0, bytes_per_node = 0;  ///< per second
  std::vector<double> waits;                         ///< seconds, of calls that waited and were sent
  std::vector<std::vector<double>> hot;              ///< by key and move: HotNode
  std::uint64_t elections = 0;
  std::int64_t over() const;
  bool safe() const { return over() == 0 && broken.empty(); }
};

/// Runs one world. Deterministic.
class World {
 public:
  explicit World(WorldSettings settings);
  ~World();
  Outcome run();

 private:
  struct Process;
  void boot(Process& process, cluster::Knowledge knowledge);
  void tick(int index, std::uint64_t life);
  void transmit(int from, cluster::Outbox& out);
  void deliver(int from, int to, const cluster::Message& message);
  void follow_up(Process& process);
  void arrive(const std::shared_ptr<Call>& call);
  bool try_send(Process& process, const std::shared_ptr<Call>& call);
  void serve(Process& process, std::size_t key);
  void restate_waiting(Process& process, std::size_t key);
  void sent(Process& process, const std::shared_ptr<Call>& call);
  void counted(const std::shared_ptr<Call>& call);
  void ended_there(const std::shared_ptr<Call>& call, int node, std::uint64_t life);
  void ended_here(const std::shared_ptr<Call>& call, int node, std::uint64_t life);
  void refuse(const std::shared_ptr<Call>& call);
  void kill(int node, Duration lasts);
  void pause(int node, Duration lasts);
  bool healthy(int node) const;
  bool holds_office(int node) const;
  int allocator() const;
  Stage stage();
  void check();
  Time local(const Process& process) const;
  Outcome outcome() const;

  WorldSettings settings_;
  Events events_;
  Random random_;
  Network network_;
  std::vector<std::unique_ptr<Process>> processes_;
  std::vector<std::optional<RollingOracle>> windows_;
  std::vector<std::optional<ConcurrencyOracle>> at_once_;
  std::vector<std::vector<std::shared_ptr<Call>>> calls_;
  std::vector<std::string> broken_;
  std::vector<double> waits_;
  std::vector<Outcome::Key> keys_;
  std::vector<HotNode> hot_;  ///< by key
  Trouble trouble_;
  std::uint64_t elections_ = 0;
};

/// What one omniscient process with exact logs would have sent of `calls` (in order of arrival).
double ideal(const Scenario& scenario, std::size_t key, const std::vector<std::shared_ptr<Call>>& calls,
             Duration park, bool connected_only);

/// A random schedule of faults: kills, quick restarts, pauses longer than the lease, partitions, one-way
/// cuts, slow links, loss; of single nodes, of the allocator, of all voters. `every`: mean seconds between
/// two.
/// `only`: one kind of the kFaultKinds, or all of them.
constexpr int kFaultKinds = 16;
std::vector<Fault> random_faults(std::uint64_t seed, int nodes, int voters, Duration span, double every,
                                 int only = -1);

}  // namespace troupe::simulation
