#include "actors/key_actor.hpp"

#include <map>

#include "tests/actors/house.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::actors::testing;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<config::Config> two_keys() {
  return house_config({provider("p", {key("a"), key("b")})}, {model("m", {"p/x"})});
}

/// A company of which another node hears.
struct Neighbour {
  std::vector<std::pair<std::string, policy::Evidence>> heard;
  House house{two_keys(), nullptr, {}, [this](const std::string& id, const policy::Evidence& evidence) {
                heard.emplace_back(id, evidence);
              }};
};

}  // namespace

TEST_CASE("what another node says of a key holds for the next call that asks for it") {
  House house(two_keys());
  house.company->hear("p/a", {policy::About::verdict, 1, house.clock.now() + 5min, "node-2"});
  house.run();
  for (int i = 0; i < 8; ++i) CHECK(house.granted("m").endpoint->key->id == "p/b");
}

TEST_CASE("the detail of a key says what others told of it, and who") {
  House house(two_keys());
  house.company->hear("p/a", {policy::About::pause, 1, house.clock.now() + 5s, "node-2"});
  house.run();
  const auto hearsay = house.inspect("key", "p/a").detail.at("hearsay");
  REQUIRE(hearsay.size() == 1);
  CHECK(hearsay[0].at("about") == "pause");
  CHECK(hearsay[0].at("from") == "node-2");
  CHECK(hearsay[0].at("for_s") == 5.0);
  CHECK(house.inspect("key", "p/b").detail.at("hearsay").empty());
}

TEST_CASE("a refused key's state reads dead on the nodes that only heard of it") {
  House house(two_keys());
  house.company->hear("p/a", {policy::About::verdict, 1, house.clock.now() + 5min, "node-2"});
  house.run();
  CHECK(house.inspect("key", "p/a").state == "dead");
}

TEST_CASE("what a key learns from its provider is handed on, with the key's name") {
  Neighbour it;
  const auto granted = it.house.granted("m");
  it.house.settle(granted, Fault::provider_key_dead);
  REQUIRE(it.heard.size() == 1);
  CHECK(it.heard[0].first == granted.endpoint->key->id);
  CHECK(it.heard[0].second.about == policy::About::verdict);
}

TEST_CASE("a word that comes while the actor is down is read by its successor") {
  House house(two_keys());
  house.company->crash_key("p/a");
  house.company->hear("p/a", {policy::About::verdict, 1, house.clock.now() + 5min, "node-2"});
  house.run();
  CHECK(house.inspect("key", "p/a").state == "dead");
  CHECK(house.inspect("key", "p/a").restarts == 1);
}

TEST_CASE("a word about a key that this node does not have is ignored") {
  House house(two_keys());
  house.company->hear("p/none", {policy::About::verdict, 1, house.clock.now() + 5min, "node-2"});
  house.run();
  CHECK(house.inspect("key", "p/a").state == "closed");
}
