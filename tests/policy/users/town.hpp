#pragma once
// Several nodes that share the users of a tenant, and a network between them that may lose, double, delay and
// split, by seed. Time moves only here.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/policy/users/users.hpp"
#include "core/random.hpp"

namespace troupe::users::testing {

using namespace std::chrono_literals;

struct Weather {
  double loss = 0, doubled = 0;
  Duration delay = 0ms;  ///< up to this, each message by itself: they overtake each other
};

/// A call under way.
struct Call {
  std::string node, user;
  std::uint64_t boot = 0;
  Ticket ticket = 0;
  Time at{};
};

class Town {
 public:
  Town(const config::Limits& limits, const std::vector<std::string>& names, std::uint64_t seed = 1)
      : limits_(limits), random_(seed) {
    for (const auto& name : names) start(name);
    for (const auto& name : names) see(name);
  }

  Time now{100h};
  Weather weather;
  std::map<std::string, std::vector<Time>> admitted;     ///< by user
  std::map<std::pair<std::string, Ticket>, Call> calls;  ///< by node
  std::vector<Decision> decisions;                       ///< in the order in which they were told

  struct Node {
    Users users;
    std::uint64_t boot = 0;
  };
  Node& node(const std::string& name) { return nodes_.at(name); }
  bool lives(const std::string& name) const { return nodes_.contains(name); }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& [name, node] : nodes_) out.push_back(name);
    return out;
  }
  /// Where a user is counted, as `name` sees it.
  std::string home(const std::string& user, const std::string& name) {
    return Place{"acme", 0, node(name).users.ring(), limits_}.home_of(user);
  }
  /// A user whose home is `name`.
  std::string user_of(const std::string& name) {
    for (int i = 0;; ++i)
      if (const auto user = "user " + std::to_string(i); home(user, name) == name) return user;
  }
  int in_flight(const std::string& user) const {
    return static_cast<int>(
        std::count_if(calls.begin(), calls.end(), [&](const auto& one) { return one.second.user == user; }));
  }

  // -- what is done

  Ticket ask(const std::string& at, const std::string& user, std::int64_t tokens = 1) {
    const auto ticket = ++ticket_;
    asked_[ticket] = user;
    act(at, [&](Users& users) { users.ask(user, ticket, {tokens}, {0}, now, out_, told_); });
    return ticket;
  }
  /// Asked, and decided once the network has had its time.
  bool admits(const std::string& at, const std::string& user, std::int64_t tokens = 1) {
    const auto before = decisions.size();
    ask(at, user, tokens);
    for (int i = 0; i < 20 && decisions.size() == before; ++i) step();
    return decisions.size() > before && decisions.back().granted;
  }
  void end(const Call& call, const Ended& how) {
    act(call.node, [&](Users& users) { users.end(call.ticket, how, now, out_, told_); });
    if (!how.called)
      admitted[call.user].erase(std::find(admitted[call.user].begin(), admitted[call.user].end(), call.at));
    calls.erase({call.node, call.ticket});
  }
  void end_all(std::int64_t tokens = 1) {
    while (!calls.empty()) end(Call(calls.begin()->second), {true, {tokens}, {0}, 0ms});
  }
  /// Everybody's tick, and what has arrived by then.
  void step(Duration span = 20ms) {
    now += span;
    for (const auto& name : names()) act(name, [&](Users& users) { users.tick(now, out_, told_); });
    deliver();
  }
  void run(Duration span) {
    for (const Time until = now + span; now < until;) step();
  }

  void start(const std::string& name) {
    const auto boot = ++boot_;
    nodes_.insert_or_assign(name, Node{Users("acme", limits_, name), boot});
    nodes_.at(name).users.boot(boot);
  }
  /// It takes note of who is there now.
  void see(const std::string& name) { see(name, names()); }
  void see(const std::string& name, std::vector<std::string> others) {
    std::erase(others, name);
    act(name, [&](Users& users) { users.use(others, now, out_, told_); });
  }
  void all_see() {
    for (const auto& name : names()) see(name);
  }
  void kill(const std::string& name) {
    nodes_.erase(name);
    std::erase_if(calls, [&](const auto& one) { return one.second.node == name; });
  }
  void leave(const std::string& name) {
    act(name, [&](Users& users) { users.leave(now, out_); });
    kill(name);
  }
  /// Nothing goes between these and the others any more; an empty set heals.
  void split(std::set<std::string> island) { island_ = std::move(island); }

 private:
  struct Packet {
    Time due;
    std::string from, to;
    Message message;
  };

  template <class Act>
  void act(const std::string& name, Act&& what) {
    what(nodes_.at(name).users);
    for (auto& [to, message] : std::exchange(out_, {})) post(name, to, std::move(message));
    for (const auto& told : std::exchange(told_, {})) hear(name, told);
    if (weather.delay == 0ms && !delivering_) deliver();
  }
  void hear(const std::string& name, const Told& told) {
    decisions.push_back(told.decision);
    if (!told.decision.granted) return;
    const auto& user = asked_.at(told.ticket);
    admitted[user].push_back(now);
    calls[{name, told.ticket}] = {name, user, nodes_.at(name).boot, told.ticket, now};
  }
  void post(const std::string& from, const std::string& to, Message message) {
    if (island_.contains(from) != island_.contains(to)) return;
    for (int copies = random_.unit() < weather.doubled ? 2 : 1; copies > 0; --copies) {
      if (random_.unit() < weather.loss) continue;
      const auto span = weather.delay.count() > 0
                            ? Duration(random_.below(static_cast<std::uint64_t>(weather.delay.count())))
                            : Duration{0};
      packets_.push_back({now + span, from, to, message});
    }
  }
  void deliver() {
    delivering_ = true;
    for (std::size_t i = 0; i < packets_.size();) {
      if (packets_[i].due > now) {
        ++i;
        continue;
      }
      const auto packet = std::move(packets_[i]);
      packets_.erase(packets_.begin() + static_cast<std::ptrdiff_t>(i));
      if (lives(packet.to))
        act(packet.to, [&](Users& users) { users.hear(packet.from, packet.message, now, out_, told_); });
      i = 0;
    }
    delivering_ = false;
  }

  config::Limits limits_;
  Random random_;
  std::map<std::string, Node> nodes_;
  std::vector<Packet> packets_;
  std::map<Ticket, std::string> asked_;
  std::set<std::string> island_;
  Outbox out_;
  Telling told_;
  Ticket ticket_ = 0;
  std::uint64_t boot_ = 0;
  bool delivering_ = false;
};

inline const std::vector<std::string> kThree{"a", "b", "c"};

/// How many of `tries` are admitted, going round the nodes; each call ends at once.
inline int admitted(Town& town, const std::string& user, int tries,
                    const std::vector<std::string>& nodes = kThree) {
  int count = 0;
  for (int i = 0; i < tries; ++i) {
    count += town.admits(nodes[static_cast<std::size_t>(i) % nodes.size()], user) ? 1 : 0;
    town.end_all();
  }
  return count;
}

}  // namespace troupe::users::testing
