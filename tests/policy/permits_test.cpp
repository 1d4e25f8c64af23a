#include "actors/policy/permits.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::policy;
using namespace std::chrono_literals;

namespace {

Time at(Duration since) {
  return Time(since);
}

struct Purse {
  explicit Purse(LimitKind kind) : permits(kind, lease) {
    lease->prolong(at(1h));
    permits.grant(5);
  }
  void hear(Units left, Units then) { permits.learn({100, left, at(50s), at(90s), at(30s), 0}, then); }
  Units left() { return permits.outlook(at(31s))->left; }

  std::shared_ptr<Lease> lease = std::make_shared<Lease>();
  Permits permits;
};

}  // namespace

TEST_CASE("nothing is known of the cluster before a first word") {
  Purse purse(LimitKind::window);
  CHECK_FALSE(purse.permits.outlook(at(31s)));
}

TEST_CASE("what is taken here comes off what was left in the cluster when this node asked") {
  Purse purse(LimitKind::window);
  REQUIRE(purse.permits.take(1, at(1s)));
  purse.hear(40, 1);
  REQUIRE(purse.permits.take(2, at(31s)));
  const auto told = *purse.permits.outlook(at(31s));
  CHECK(told.units == 100);
  CHECK(told.left == 38);
  CHECK(told.own_since == 2);
  CHECK(told.as_of == at(30s));
  CHECK(told.next_at == at(50s));
  CHECK(told.full_at == at(90s));
}

TEST_CASE("what ends comes back to what is left") {
  Purse purse(LimitKind::concurrency);
  REQUIRE(purse.permits.take(3, at(1s)));
  purse.hear(40, 3);
  purse.permits.finish(3, 3);
  CHECK(purse.left() == 43);
}

TEST_CASE("at least what this node may take by itself is left, and never more than the limit") {
  Purse purse(LimitKind::window);
  purse.hear(0, 0);
  CHECK(purse.left() == 5);
  purse.hear(120, 0);
  CHECK(purse.left() == 100);
  purse.permits.give_back(0);
  purse.hear(-7, 0);
  CHECK(purse.left() == 0);
}
