#pragma once
// A world of money: nodes that sell calls, a provider that bills, and an oracle that adds up.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cluster/money/bank.hpp"
#include "tests/simulation/money/disk.hpp"
#include "tests/simulation/network.hpp"

namespace troupe::simulation {

struct MoneySettings {
  std::uint64_t seed = 1;
  int nodes = 3, voters = 3;
  double span = 60;      ///< seconds with load
  double faults = 6;     ///< mean seconds between two; 0: none
  double factor = 0.8;   ///< budget over what would be spent without one
  double overshoot = 0;  ///< share of calls that cost more than their estimate
  double cost = 0;       ///< of each call, as a part of its estimate; 0: 0.2 to 1, by chance
  double demand = 1;     ///< calls, in parts of the usual
  bool alike = false;    ///< all calls reserve the same and last 50 ms, and the network is a good one
  bool lose_disks = false;
  bool directed = false;  ///< one schedule: the treasurer dies with a minority's writes
};

struct MoneyOutcome {
  std::vector<std::string> broken;
  double used = 0;                            ///< of what could be spent of the budgets
  double billed = 0, in_doubt = 0, lost = 0;  ///< shares of the cap
  std::uint64_t faults = 0, treasurers = 0, calls = 0, refused = 0, messages = 0, bytes = 0;
  double longest_wait = 0;   ///< seconds that an admitted call waited for money
  std::uint64_t alerts = 0;  ///< shares that were reached and told
  std::uint64_t repeats =
      0;  ///< times that one was told again, because whoever told it died before it was noted
  double tail =
      0;  ///< seconds from 95 % of a budget of small calls until less is left than such a call takes
};

/// The same settings give the same outcome.
MoneyOutcome run_money(const MoneySettings& settings);
/// Sizes, faults and loads by seed.
MoneySettings money_by_seed(std::uint64_t seed);

class MoneyWorld {
 public:
  explicit MoneyWorld(const MoneySettings& settings);
  MoneyOutcome run();

 private:
  struct Node {
    std::string name;
    int number = 0;
    std::unique_ptr<Disk> disk;
    std::unique_ptr<money::Bank> bank;  ///< null: down
    std::uint64_t incarnation = 0;
    bool in_office = false;
    Time paused_until{};
    double skew = 0;  ///< seconds that its calendar is ahead
  };
  struct Book {
    money::Budget budget;
    money::Picos typical = 0;
    money::Picos billed = 0, over = 0;
    std::map<money::Holder, money::Picos> by, over_by, held;
    std::optional<Time> late;           ///< when 95 % was billed
    std::map<std::uint32_t, int> told;  ///< shares, and how often the receiver was told
  };
  struct Call {
    int node = 0;
    std::size_t book = 0;
    money::Picos estimate = 0, cost = 0;
    Time since{};
    std::uint64_t incarnation = 0;
    money::Holder holder;  ///< whose disk pays
  };

  // world.cpp
  void start(Node& node);
  void stop(Node& node);
  void tick(Node& node);
  void send(Node& node, money::Outbox& out);
  void deliver(int from, int to, const std::shared_ptr<const money::Message>& message);
  void flush(Node& node);
  void arrive(int node, std::size_t book, double rate);
  void attempt(Call call);
  double lasts();
  void tell(Node& node);
  std::vector<money::Budget> budgets_of(const Node& node) const;
  void turn(Node& node);
  std::size_t current(const Node& node, std::size_t book) const;
  bool together(const Book& book, const Book& other) const;
  void finish(const Call& call);
  void bill(const Call& call);
  void note_end(Book& book, const Call& call);
  money::Holder holder(const Node& node) const { return {node.name, node.disk->image().ledger}; }
  money::Office office_of(const Node& node) const;
  double rate_of(int node) const;
  // faults.cpp
  void plan_faults();
  void fault();
  void kill(Node& node, double down, bool with_disk);
  void elect();
  void direct();
  void power_cut();
  void heal();
  bool reaches_majority(const Node& node) const;
  // the oracle
  void check_effective(Node& node);
  void check_marks(const Node& node);
  void check_alerts(Book& book, const money::Treasurer& treasurer);
  void check_end();
  void broken(const std::string& what);

  MoneySettings settings_;
  Events events_;
  Random random_;
  Network network_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<Book> books_;
  std::vector<money::NodeName> voters_;
  MoneyOutcome outcome_;
  bool selling_ = true, quiet_ = false;
  int hot_ = 0;
};

}  // namespace troupe::simulation
