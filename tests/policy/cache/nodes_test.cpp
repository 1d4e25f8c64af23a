// Nodes whose words are lost, late and doubled by seed: everybody gets an answer, and without faults one call
// is made.
#include <map>
#include <memory>
#include <set>

#include "actors/policy/cache/shard.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cache;
using namespace std::chrono_literals;

namespace {

constexpr int kNodes = 3, kKeys = 4;
constexpr Duration kStep = 10ms;

struct Faults {
  double lost = 0, doubled = 0, fails = 0, leaves = 0;
  bool kills = false;
};

Digest key_of(std::uint64_t n) {
  return {n * 0x9E3779B97F4A7C15U + 3, n, 1, 1};
}

class Town {
 public:
  Town(std::uint64_t seed, const Faults& faults) : random_(seed), faults_(faults) {
    for (int i = 0; i < kNodes; ++i) start(name(i));
    move();
  }

  void run(int steps, bool calm) {
    for (int i = 0; i < steps; ++i) {
      now_ += kStep;
      if (!calm) happen();
      deliver(calm);
      calls();
      for (auto& [name, shard] : shards_) {
        Outbox out;
        Callers::Telling told;
        shard.tick(now_, out, told);
        take(name, out, told);
      }
    }
  }

  int calls_made = 0, answered = 0, asked = 0;
  std::size_t open() const { return waiting_.size() + calls_.size(); }
  std::size_t flights() const {
    std::size_t sum = 0;
    for (const auto& [name, shard] : shards_) sum += shard.flights() + shard.callers().questions();
    return sum;
  }
  std::map<std::uint64_t, int> calls_by_key;
  /// The most calls for one key that were under way at once.
  int most_at_once = 0;

 private:
  struct Waiting {
    std::string node;
    std::uint64_t key;
  };
  struct Call {
    std::string node;
    std::uint64_t key;
    Ticket ticket;
    Time until;
  };
  struct Flying {
    std::string from, to;
    Message message;
    Time at;
  };

  static std::string name(int i) { return "n" + std::to_string(i + 1); }
  double chance() { return random_.unit(); }
  int upto(int n) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(n))); }
  void start(const std::string& name) { shards_.try_emplace(name, name, Shelf::Limits{1 << 20, 1 << 16}); }

  void move() {
    std::vector<std::string> all;
    for (const auto& [name, shard] : shards_) all.push_back(name);
    for (auto& [name, shard] : shards_) {
      Outbox out;
      Callers::Telling told;
      shard.use(Ring(name, all), now_, out, told);
      take(name, out, told);
    }
  }

  void happen() {
    auto at = std::next(shards_.begin(), upto(static_cast<int>(shards_.size())));
    if (chance() < 0.5) {
      const auto key = static_cast<std::uint64_t>(upto(kKeys));
      const Ticket ticket = ++tickets_;
      waiting_[ticket] = {at->first, key};
      ++asked;
      Outbox out;
      Callers::Telling told;
      at->second.ask(key_of(key), ticket, kAnyAge, now_, out, told);
      take(at->first, out, told);
    }
    if (chance() < faults_.leaves && !waiting_.empty()) leave(waiting_.begin()->first);
    if (faults_.kills && chance() < 0.01) {
      if (static_cast<int>(shards_.size()) < kNodes) {
        for (int i = 0; i < kNodes; ++i) start(name(i));
      } else {
        kill(at->first);
      }
      move();
    }
  }

  void leave(Ticket ticket) {
    const auto gone = waiting_.extract(ticket).mapped();
    Outbox out;
    Callers::Telling told;
    shards_.at(gone.node).end(key_of(gone.key), ticket, {}, now_, out, told);
    take(gone.node, out, told);
    ++answered;
  }

  void kill(std::string name) {
    std::erase_if(waiting_, [&](const auto& one) { return one.second.node == name && ++answered; });
    std::erase_if(calls_, [&](const Call& call) { return call.node == name && ++answered; });
    std::erase_if(flying_, [&](const Flying& one) { return one.from == name || one.to == name; });
    shards_.erase(name);
  }

  void take(const std::string& node, Outbox& out, Callers::Telling& told) {
    for (auto& [to, message] : out) send(node, to, message);
    for (const auto& one : told) {
      const auto who = waiting_.extract(one.ticket);
      REQUIRE_FALSE(who.empty());  // told twice, or never asked
      const auto key = who.mapped().key;
      if (one.entry) {
        CHECK(one.entry->body == std::to_string(key));
        ++answered;
        continue;
      }
      ++calls_made;
      ++calls_by_key[key];
      calls_.push_back({node, key, one.ticket, now_ + 10ms * (1 + upto(80))});
      int under_way = 0;
      for (const auto& call : calls_) under_way += call.key == key ? 1 : 0;
      most_at_once = std::max(most_at_once, under_way);
    }
  }

  void send(const std::string& from, const std::string& to, const Message& message) {
    if (chance() < faults_.lost || shards_.count(to) == 0) return;
    flying_.push_back({from, to, message, now_ + kStep * upto(3)});
    if (chance() < faults_.doubled) flying_.push_back({from, to, message, now_ + kStep * upto(9)});
  }

  void deliver(bool calm) {
    auto due = std::exchange(flying_, {});
    for (auto& one : due) {
      if (!calm && one.at > now_) {
        flying_.push_back(std::move(one));
        continue;
      }
      Outbox out;
      Callers::Telling told;
      shards_.at(one.to).hear(one.from, one.message, now_, out, told);
      take(one.to, out, told);
    }
  }

  void calls() {
    for (std::size_t i = 0; i < calls_.size();) {
      if (calls_[i].until > now_) {
        ++i;
        continue;
      }
      const auto call = calls_[i];
      calls_.erase(calls_.begin() + static_cast<std::ptrdiff_t>(i));
      ++answered;
      End how;
      if (chance() >= faults_.fails) {
        auto made = std::make_shared<Entry>();
        made->body = std::to_string(call.key);
        how = {made, 2s, false};
      }
      Outbox out;
      Callers::Telling told;
      shards_.at(call.node).end(key_of(call.key), call.ticket, how, now_, out, told);
      take(call.node, out, told);
    }
  }

  Random random_;
  Faults faults_;
  Time now_{Duration(1h)};
  std::map<std::string, Shard> shards_;
  std::map<Ticket, Waiting> waiting_;
  std::vector<Call> calls_;
  std::vector<Flying> flying_;
  Ticket tickets_ = 0;
};

void everybody_is_answered(const Faults& faults) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    Town town(seed, faults);
    town.run(300, false);
    town.run(1500, true);  // far beyond every deadline
    REQUIRE(town.open() == 0);
    REQUIRE(town.answered == town.asked);
    REQUIRE(town.flights() == 0);
    REQUIRE(town.calls_made < town.asked);
  }
}

}  // namespace

TEST_CASE("without faults no two calls for the same answer are under way at once, on any node") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    Town town(seed, {});
    town.run(150, false);  // less than an entry lives
    town.run(400, true);
    REQUIRE(town.open() == 0);
    REQUIRE(town.answered == town.asked);
    REQUIRE(town.most_at_once == 1);
    for (const auto& [key, calls] : town.calls_by_key) REQUIRE(calls == 1);
  }
}

TEST_CASE("callers that leave and calls that fail leave nobody waiting, and no second call at once") {
  everybody_is_answered({0, 0, 0.4, 0.2, false});
}

TEST_CASE("words that are lost and doubled leave nobody waiting") {
  everybody_is_answered({0.2, 0.2, 0.2, 0.1, false});
}

TEST_CASE("nodes that die and come back leave nobody waiting") {
  everybody_is_answered({0.1, 0.1, 0.1, 0.1, true});
}
