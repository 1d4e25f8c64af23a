// A node that ends in good order: its permits are the others' at once.
#include <algorithm>

#include "cluster/permits/node.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cluster;

namespace {

const LimitSpec kRpm{1, LimitKind::window, 100, std::chrono::seconds(60), 1};

/// One voter and a node that joins; messages arrive at once, or are lost.
struct Pair {
  Time now{std::chrono::seconds(100)};
  LimitSpec limit;
  Node voter, guest;

  explicit Pair(const LimitSpec& shared = kRpm)
      : limit(shared), voter(settings("voter", shared), now, 1), guest(settings("guest", shared), now, 2) {}

  static NodeSettings settings(const NodeName& name, const LimitSpec& limit) {
    NodeSettings out;
    out.me = name;
    out.incarnation = 1;
    out.voters = {"voter"};
    out.limits = {limit};
    out.knowledge = Knowledge::never;
    return out;
  }
  void carry(const NodeName& from, Outbox messages) {
    for (auto& [to, message] : messages) {
      Outbox answers;
      (to == "voter" ? voter : guest).hear(from, message, now, answers);
      carry(to, std::move(answers));
    }
  }
  void pass(Duration time) {
    for (const auto end = now + time; now < end; now += std::chrono::milliseconds(10)) {
      Outbox first, second;
      voter.tick(now, first);
      carry("voter", std::move(first));
      guest.tick(now, second);
      carry("guest", std::move(second));
    }
  }
  /// The guest is busy, so it deserves permits.
  void work() {
    pass(std::chrono::seconds(3));
    for (int call = 0; call < 20; ++call) {
      permits().ask(1);
      if (!permits().take(1, now)) permits().miss(1);
      pass(std::chrono::milliseconds(100));
    }
    REQUIRE(permits().free() > 0);
  }
  Permits& permits() { return *guest.agent().permits(limit); }
  std::size_t sessions() {
    const auto& accounts = voter.allocator()->table().accounts();
    return static_cast<std::size_t>(std::count_if(accounts.begin(), accounts.end(),
                                                  [](const auto& of) { return of.first.node == "guest"; }));
  }
  Units held() {
    Units sum = 0;
    for (const auto& [id, account] : voter.allocator()->table().accounts()) {
      const auto counters = account.counters.find(limit.id);
      if (id.node == "guest" && counters != account.counters.end()) sum += counters->second.held();
    }
    return sum;
  }
};

}  // namespace

TEST_CASE("a node that leaves hands back what is free, and is given nothing more") {
  Pair it;
  it.work();
  CHECK_FALSE(it.guest.gone());
  Outbox out;
  it.guest.leave(it.now, out);
  it.carry("guest", std::move(out));
  CHECK(it.guest.gone());
  CHECK(it.held() == 0);
  CHECK(it.sessions() == 0);
  it.pass(std::chrono::seconds(2));
  CHECK(it.sessions() == 0);
  CHECK(it.held() == 0);
  CHECK(it.permits().free() == 0);
}

TEST_CASE("a node that leaves says so again when its word is lost") {
  Pair it;
  it.work();
  Outbox lost;
  it.guest.leave(it.now, lost);
  CHECK_FALSE(it.guest.gone());
  it.pass(std::chrono::milliseconds(500));
  CHECK(it.guest.gone());
  CHECK(it.held() == 0);
}

TEST_CASE("a node that leaves keeps what calls under way have reserved, and its session until they end") {
  Pair it({1, LimitKind::concurrency, 100, std::chrono::seconds(60), 1});
  it.work();
  Outbox out;
  it.guest.leave(it.now, out);
  it.carry("guest", std::move(out));
  const auto reserved = it.permits().reserved();
  REQUIRE(reserved > 0);
  CHECK_FALSE(it.guest.gone());
  it.pass(std::chrono::seconds(1));
  CHECK(it.held() == reserved);
  it.permits().finish(reserved, 0);
  it.pass(std::chrono::seconds(1));
  CHECK(it.guest.gone());
  CHECK(it.sessions() == 0);
}

TEST_CASE("an allocator that leaves waits until a majority has what it handed back") {
  Pair it;
  it.work();
  Outbox out;
  it.voter.leave(it.now, out);
  it.carry("voter", std::move(out));
  CHECK(it.voter.gone());  // its own majority
}

TEST_CASE("a node that has no session has nothing to hand back") {
  Time now{std::chrono::seconds(100)};
  Node alone(Pair::settings("guest", kRpm), now, 1);
  Outbox out;
  alone.leave(now, out);
  CHECK(alone.gone());
  alone.tick(now + std::chrono::seconds(1), out);
  CHECK(out.empty());
}

TEST_CASE("a node that is suspended may use nothing, hands back what it has, and goes on when that is over") {
  Pair it;
  it.work();
  it.guest.agent().suspend(true);
  CHECK(it.permits().available(it.now) == 0);
  it.pass(std::chrono::seconds(1));
  CHECK(it.held() <= 1);
  for (int call = 0; call < 5; ++call) {
    it.permits().ask(1);
    it.permits().miss(1);
    it.pass(std::chrono::milliseconds(300));
    CHECK(it.permits().available(it.now) == 0);
  }
  CHECK(it.guest.agent().lease()->holds(it.now));
  it.guest.agent().suspend(false);
  it.work();
}
