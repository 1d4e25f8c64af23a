#include "cluster/keyring/ring.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <numeric>
#include <set>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::keyring;
using namespace std::chrono_literals;

namespace {

Record key(const std::string& id, Millis at = 1000, const std::string& node = "a") {
  Record out;
  out.id = id;
  out.made = out.turned = {at, node};
  out.tenant = "team";
  out.name = "name-" + id;
  out.hash = "sha256:" + id;
  out.prefix = "tr-" + id;
  return out;
}

Record revoked(Record record, Millis at) {
  record.revoked = at;
  return record;
}

/// Nodes over a network that loses, doubles, delays and splits by seed. What is stored survives a kill.
class Town {
 public:
  Town(int size, std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < size; ++i) {
      nodes_.push_back({name(i), {}, nullptr});
      start(i);
    }
  }

  void tell(int i, const Record& record) {
    auto& node = nodes_[static_cast<std::size_t>(i)];
    node.disk[record.id] = node.ring->find(record.id) ? join(*node.ring->find(record.id), record) : record;
    act(node, node.ring->tell({record}, others(i), now_));
  }

  void run(Duration span) {
    for (const auto until = now_ + span; now_ < until; now_ += 10ms) {
      deliver();
      for (int i = 0; i < size(); ++i)
        if (at(i).ring) act(at(i), at(i).ring->tick(others(i), now_));
    }
  }

  void kill(int i) { at(i).ring = nullptr; }
  void start(int i) {
    std::vector<Record> stored;
    for (const auto& [id, record] : at(i).disk) stored.push_back(record);
    at(i).ring = std::make_unique<Ring>(Settings{at(i).name}, stored, now_, random_.next());
  }
  void cut(int i) { alone_.insert(at(i).name); }
  void heal() { alone_.clear(); }
  void weather(double loss, double twice) {
    loss_ = loss;
    twice_ = twice;
  }

  int size() const { return static_cast<int>(nodes_.size()); }
  bool up(int i) { return at(i).ring != nullptr; }
  Ring& ring(int i) { return *at(i).ring; }
  bool agreed() {
    return std::all_of(nodes_.begin(), nodes_.end(), [&](const auto& node) {
      return node.ring && node.ring->records() == nodes_.front().ring->records();
    });
  }
  Time now() const { return now_; }
  std::size_t sent() const { return sent_; }

 private:
  struct Node {
    std::string name;
    std::map<std::string, Record> disk;
    std::unique_ptr<Ring> ring;
  };
  struct Letter {
    std::string from;
    Outgoing out;
    Time due;
  };

  static std::string name(int i) { return "node-" + std::to_string(i); }
  Node& at(int i) { return nodes_[static_cast<std::size_t>(i)]; }
  std::vector<std::string> others(int i) {
    std::vector<std::string> out;
    for (int k = 0; k < size(); ++k)
      if (k != i) out.push_back(name(k));
    return out;
  }

  void act(Node& node, Step step) {
    for (const auto& record : step.changed) node.disk[record.id] = record;
    for (auto* list : {&step.send, &step.once_stored})
      for (auto& out : *list) post(node.name, out);
  }

  void post(const std::string& from, const Outgoing& out) {
    ++sent_;
    if (alone_.contains(from) || alone_.contains(out.to) || random_.unit() < loss_) return;
    const int copies = random_.unit() < twice_ ? 2 : 1;
    for (int i = 0; i < copies; ++i)
      letters_.push_back({from, out, now_ + std::chrono::milliseconds(random_.below(120))});
  }

  void deliver() {
    std::vector<Letter> due;
    std::erase_if(letters_, [&](const Letter& letter) {
      if (letter.due > now_) return false;
      due.push_back(letter);
      return true;
    });
    for (const auto& letter : due)
      for (auto& node : nodes_)
        if (node.name == letter.out.to && node.ring)
          act(node, node.ring->hear(letter.from, letter.out.message, now_));
  }

  Random random_;
  std::deque<Node> nodes_;
  std::vector<Letter> letters_;
  std::set<std::string> alone_;
  Time now_{1h};
  double loss_ = 0, twice_ = 0;
  std::size_t sent_ = 0;
};

/// Keys come, turn and go on all nodes while the network and the nodes fail.
class Trouble {
 public:
  Trouble(Town& town, std::uint64_t seed) : town_(town), random_(seed) {}

  void strike() {
    const auto i = static_cast<int>(random_.below(static_cast<std::uint64_t>(town_.size())));
    switch (random_.below(8)) {
      case 0:
        if (town_.up(i)) town_.kill(i);
        break;
      case 1:
        if (!town_.up(i)) town_.start(i);
        break;
      case 2:
        town_.cut(i);
        break;
      case 3:
        town_.heal();
        break;
      default:
        if (town_.up(i)) change(i);
    }
    town_.run(std::chrono::milliseconds(random_.below(700)));
  }

  const std::set<std::string>& made() const { return made_; }
  const std::set<std::string>& gone() const { return gone_; }

 private:
  void change(int i) {
    const auto& known = town_.ring(i).records();
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(town_.now().time_since_epoch()).count();
    if (known.empty() || random_.below(3) == 0) {
      const auto id = "k" + std::to_string(made_.size());
      made_.insert(id);
      return town_.tell(i, key(id, ms, "node-" + std::to_string(i)));
    }
    auto record = std::next(known.begin(), static_cast<std::ptrdiff_t>(random_.below(known.size())))->second;
    if (random_.below(2) == 0) {
      gone_.insert(record.id);
      if (record.revoked == 0) record.revoked = ms;
      return town_.tell(i, record);
    }
    const auto stamp = next(record.turned, ms, "node-" + std::to_string(i));
    town_.tell(i, rotated(record, "sha256:" + std::to_string(random_.next()), "tr-x", stamp, ms + 5000));
  }

  Town& town_;
  Random random_;
  std::set<std::string> made_, gone_;
};

}  // namespace

TEST_CASE("a key is known to everybody at once, and its maker knows that it is") {
  Town town(3, 1);
  town.run(100ms);
  town.tell(0, key("one"));
  CHECK_FALSE(town.ring(0).noted("node-1", "one"));
  town.run(300ms);
  CHECK(town.agreed());
  CHECK(town.ring(2).find("one") != nullptr);
  CHECK(town.ring(0).noted("node-1", "one"));
  CHECK(town.ring(0).noted("node-2", "one"));
}

TEST_CASE("a member out of reach has not noted anything") {
  Town town(3, 2);
  town.cut(2);
  town.tell(0, key("one"));
  town.run(900ms);
  CHECK(town.ring(0).noted("node-1", "one"));
  CHECK_FALSE(town.ring(0).noted("node-2", "one"));
  CHECK(town.ring(2).find("one") == nullptr);
}

TEST_CASE("a node that was down at a revocation hears of it within a second of its start") {
  Town town(3, 3);
  town.tell(0, key("one"));
  town.run(300ms);
  town.kill(2);
  town.tell(0, revoked(key("one"), 2000));
  town.run(5s);
  town.start(2);
  CHECK(town.ring(2).find("one")->revoked == 0);
  CHECK_FALSE(town.ring(2).compared());
  town.run(600ms);
  CHECK(town.ring(2).find("one")->revoked == 2000);
  town.run(400ms);
  CHECK(town.ring(2).compared());
}

TEST_CASE("keys are compared when another member knows the same, not when it merely speaks") {
  Ring ring({"a"}, {key("x")}, Time(1h), 1);
  const Ring same({"b"}, {key("x")}, Time(1h), 2), other({"c"}, {revoked(key("x"), 5)}, Time(1h), 3);
  const auto digest_of = [](Ring from) {
    for (Time now(2h);; now += 1s)
      for (const auto& sent : from.tick({"a"}, now).send)
        if (const auto* digest = std::get_if<Digest>(&sent.message)) return *digest;
  };
  ring.hear("c", digest_of(other), Time(1h));
  CHECK_FALSE(ring.compared());
  ring.hear("b", digest_of(same), Time(1h));
  CHECK(ring.compared());
}

TEST_CASE("a newcomer gets five thousand keys within a few rounds") {
  Town town(2, 4);
  for (int i = 0; i < 5000; ++i) town.tell(0, key("k" + std::to_string(i)));
  town.kill(1);
  town.run(3s);
  town.start(1);
  town.run(5s);
  CHECK(town.ring(1).records().size() == 5000);
  CHECK(town.agreed());
}

TEST_CASE("nodes that know the same say little") {
  Town town(3, 6);
  for (int i = 0; i < 100; ++i) town.tell(0, key("k" + std::to_string(i)));
  town.run(5s);
  const auto before = town.sent();
  town.run(10s);
  CHECK(town.sent() - before <= 3 * 20 * 2 * 2);  // nodes x rounds x fanout x (question, answer)
}

TEST_CASE("a node keeps as many keys as it may, and changes those that it has") {
  Ring ring(Settings{.me = "a", .most = 2}, {key("1"), key("2")}, Time{}, 1);
  CHECK(ring.full());
  const auto step = ring.hear("b", News{{key("3"), revoked(key("1"), 9)}}, Time{});
  CHECK(ring.find("3") == nullptr);
  CHECK(ring.find("1")->revoked == 9);
  REQUIRE(step.changed.size() == 1);
  CHECK(std::get<Noted>(step.once_stored.at(0).message).lines.size() == 1);
}

TEST_CASE("whoever brings old news is told the newer ones") {
  Ring ring(Settings{.me = "a"}, {revoked(key("1"), 9)}, Time{}, 1);
  const auto step = ring.hear("b", News{{key("1")}}, Time{});
  CHECK(step.changed.empty());
  CHECK(std::get<News>(step.send.at(0).message).records.at(0).revoked == 9);
}

TEST_CASE("what a node sees that it lacks it asks for, and what the other lacks it sends") {
  Ring ring(Settings{.me = "a"}, {key("mine")}, Time{}, 1);
  std::vector<std::uint32_t> all(kHeaps);
  std::iota(all.begin(), all.end(), 0U);
  const auto step = ring.hear("b", Lines{all, {{"theirs", 7}}}, Time{});
  REQUIRE(step.send.size() == 2);
  CHECK(std::get<News>(step.send[0].message).records.at(0).id == "mine");
  CHECK(std::get<Want>(step.send[1].message).ids == std::vector<std::string>{"theirs"});
  const auto answer = ring.hear("b", Want{{"mine", "unknown"}}, Time{});
  CHECK(std::get<News>(answer.send.at(0).message).records.size() == 1);
}

TEST_CASE("nothing is lost and nothing revoked returns, whatever the network and the nodes do") {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    Town town(3 + static_cast<int>(seed % 3), seed);
    town.weather(0.1, 0.1);
    Trouble trouble(town, seed * 7919);
    for (int i = 0; i < 40; ++i) trouble.strike();
    town.heal();
    for (int i = 0; i < town.size(); ++i)
      if (!town.up(i)) town.start(i);
    town.run(8s);
    REQUIRE(town.agreed());
    REQUIRE(town.ring(0).records().size() == trouble.made().size());
    for (const auto& id : trouble.gone()) REQUIRE(town.ring(0).find(id)->revoked != 0);
  }
}
