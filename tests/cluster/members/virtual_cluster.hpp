#pragma once
// Nodes on a network that loses, delays, doubles and reorders, with links that break and are made again.
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cluster/members/membership.hpp"
#include "core/random.hpp"

namespace troupe::members::trial {

struct Weather {
  double loss = 0, twice = 0, late = 0;  ///< shares of messages; the late ones take up to 20 s
};

/// Time moves in steps of 100 ms. Killed nodes are noticed at once, cut ones after 3 s, as the link does it.
class VirtualCluster {
 public:
  VirtualCluster(int count, int voters, std::uint64_t seed, Weather weather = {});

  void start(int node, bool amnesia = false);
  void kill(int node);
  void leave(int node);
  void cut(int a, int b) { cut_.insert(std::minmax(a, b)); }
  void heal() { cut_.clear(); }
  void weather(Weather weather) { weather_ = weather; }
  void run(Duration span);
  /// Runs until it holds, at most `span`; answers how long that took, or nothing.
  std::optional<Duration> until(const std::function<bool()>& holds, Duration span);

  Membership& at(int node) { return *nodes_[static_cast<std::size_t>(node)].membership; }
  bool running(int node) const { return nodes_[static_cast<std::size_t>(node)].running; }
  std::string name(int node) const { return "n" + std::to_string(node); }
  int size() const { return static_cast<int>(nodes_.size()); }
  Time now() const { return now_; }
  /// What `node` says of `other`; nullopt when it does not know it.
  std::optional<State> opinion(int node, int other);
  /// Every running node sees every running one alive, with its incarnation, and nobody else in.
  bool agreed();
  std::vector<Event> events(int node) const { return nodes_[static_cast<std::size_t>(node)].events; }
  std::uint64_t bytes() const { return bytes_; }
  std::size_t largest() const { return largest_; }

 private:
  struct Node {
    std::unique_ptr<Membership> membership;
    bool running = false, started = false;
    int life = 0;
    std::uint64_t incarnation = 0;
    std::vector<Event> events;
    std::set<int> wants;
  };
  struct Parcel {
    Time due;
    std::uint64_t order;
    int from, to, life;
    Message message;
    bool operator<(const Parcel& other) const {
      return std::tie(due, order) > std::tie(other.due, other.order);
    }
  };
  struct LinkState {
    bool up = false;
    Time cut_since{};
    bool counting = false;
    int life_a = 0, life_b = 0;
  };

  int index(const std::string& name) const { return std::stoi(name.substr(1)); }
  bool reachable(int a, int b) const;
  bool wanted(int a, int b) const;
  void links();
  void link(int a, int b);
  void take(int node, Step step);
  void post(int from, int to, const Message& message);

  Weather weather_;
  Random random_;
  int voters_;
  Time now_{};
  std::vector<Node> nodes_;
  std::set<std::pair<int, int>> cut_;
  std::map<std::pair<int, int>, LinkState> links_;
  std::priority_queue<Parcel> parcels_;
  std::uint64_t order_ = 0, bytes_ = 0;
  std::size_t largest_ = 0;
};

/// About what msgpack makes of it.
std::size_t size_of(const Message& message);

}  // namespace troupe::members::trial
