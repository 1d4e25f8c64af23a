#include "gateway/keeper/keeper.hpp"

#include <functional>
#include <map>
#include <optional>

#include "tests/gateway/keeper/rig.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::keeper::testing {
namespace {

const cloud::SignedCall kCall{"POST", "h", "/t", "{}"};

struct Told : http::Listener {
  int times = 0;
  std::function<void()> then = [] {};
  void ready() override {
    ++times;
    then();
  }
};

/// Google's metadata server in the test's hands: one request per token.
struct Keeping : Rig {
  std::map<std::string, std::string> variables{{"GCE_METADATA_HOST", "127.0.0.1:7"}};
  Wire wire = connection("127.0.0.1", "7");
  std::unique_ptr<Keeper> keeper;

  Keeping() {
    config::Environment environment;
    environment.variable = [this](const std::string& name) {
      const auto at = variables.find(name);
      return at == variables.end() ? std::optional<std::string>() : std::optional(at->second);
    };
    environment.file = [](const std::string&, std::size_t) { return std::nullopt; };
    keeper = std::make_unique<Keeper>(pool, clock, Route{}, cloud::google_identity({}, environment));
    run();
  }
  void grant(const std::string& token) {
    answer(wire, 200, R"({"access_token":")" + token + R"(","expires_in":3600})");
  }
  void pass(Duration span) {
    clock.advance(span);
    keeper->look(clock.now());
    run();
  }
  std::string lines() {
    const auto authorization = keeper->authorize(kCall);
    REQUIRE(std::holds_alternative<Authorized>(authorization));
    return std::get<Authorized>(authorization).lines;
  }
  std::uint64_t version() { return std::get<Authorized>(keeper->authorize(kCall)).version; }
  bool waits() { return std::holds_alternative<NotYet>(keeper->authorize(kCall)); }
};

}  // namespace

TEST_CASE("a credential is fetched before anybody asks, and calls wait for it together") {
  Keeping rig;
  CHECK(has(rig.wire.read(), "GET /computeMetadata/v1/instance/service-accounts/default/token"));
  CHECK(rig.waits());
  Told first, second;
  Waiter one(first), two(second);
  rig.keeper->wait(one);
  rig.keeper->wait(one);
  rig.keeper->wait(two);
  rig.grant("t1");
  CHECK(first.times == 1);
  CHECK(second.times == 1);
  CHECK(rig.lines() == "authorization: Bearer t1\r\n");
  CHECK(rig.wire.read().empty());
}

TEST_CASE("a credential is renewed early, while calls go on with the old one") {
  Keeping rig;
  rig.wire.read();
  rig.grant("t1");
  rig.pass(55min - 1s);
  CHECK(rig.wire.read().empty());
  rig.pass(1s);
  CHECK_FALSE(rig.wire.read().empty());
  CHECK(rig.lines() == "authorization: Bearer t1\r\n");
  rig.grant("t2");
  CHECK(rig.lines() == "authorization: Bearer t2\r\n");
}

TEST_CASE("a fetch that fails refuses calls with its reason, and is repeated by itself") {
  Keeping rig;
  Told told;
  Waiter waiter(told);
  rig.keeper->wait(waiter);
  rig.answer(rig.wire, 503, "");
  CHECK(told.times == 1);
  const auto refused = rig.keeper->authorize(kCall);
  REQUIRE(std::holds_alternative<Error>(refused));
  CHECK(std::get<Error>(refused).fault == Fault::provider_server_error);
  CHECK(std::get<Error>(refused).message == "Google's metadata server answered 503 (no reason given)");
  rig.wire.read();
  rig.pass(1s);
  CHECK_FALSE(rig.wire.read().empty());
  CHECK(rig.waits());
  rig.grant("t1");
  CHECK(rig.lines() == "authorization: Bearer t1\r\n");
}

TEST_CASE("a source that does not answer is given up in its time") {
  Keeping rig;
  Told told;
  Waiter waiter(told);
  rig.keeper->wait(waiter);
  rig.pass(3s);
  CHECK(told.times == 1);
  const auto refused = rig.keeper->authorize(kCall);
  REQUIRE(std::holds_alternative<Error>(refused));
  CHECK(has(std::get<Error>(refused).message, "no answer in time"));
}

TEST_CASE("a credential that the provider rejects is fetched again, once") {
  Keeping rig;
  rig.wire.read();
  rig.grant("t1");
  const auto first = rig.version();
  CHECK(rig.keeper->rejected(first));
  rig.run();
  CHECK_FALSE(rig.wire.read().empty());
  CHECK(rig.waits());
  CHECK(rig.keeper->rejected(first));
  rig.grant("t2");
  CHECK(rig.lines() == "authorization: Bearer t2\r\n");
  CHECK(rig.wire.read().empty());
  CHECK_FALSE(rig.keeper->rejected(rig.version()));
}

TEST_CASE("who no longer waits is not told, whoever ends first") {
  Told told;
  {
    Keeping rig;
    {
      Waiter gone(told);
      rig.keeper->wait(gone);
    }
    rig.grant("t1");
    CHECK(told.times == 0);
  }
  Waiter left(told);
  {
    Keeping rig;
    rig.keeper->wait(left);
    rig.keeper.reset();
  }
  CHECK(told.times == 0);
}

TEST_CASE("who is told may wait again or end another's wait") {
  Keeping rig;
  Told first, second, third;
  Waiter one(first), three(third);
  auto two = std::make_unique<Waiter>(second);
  first.then = [&] {
    two.reset();
    rig.keeper->wait(one);
  };
  rig.keeper->wait(one);
  rig.keeper->wait(*two);
  rig.keeper->wait(three);
  rig.grant("t1");
  CHECK(second.times == 0);
  CHECK(third.times == 1);
  CHECK(first.times >= 1);
  CHECK(first.times <= 2);
}

}  // namespace troupe::keeper::testing
