#include "actors/candidates.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::actors {
namespace {

constexpr Time kNow = Time(1h);

/// Whether batch work that leaves a fifth alone may go to a key with so much left.
bool may_go(double headroom, std::int64_t in_flight, double share = 0.2) {
  std::vector<policy::Candidate> all(1);
  all[0].gauge.headroom = headroom;
  all[0].gauge.in_flight = in_flight;
  leave_reserve(share, kNow, all);
  return all[0].gauge.not_before <= kNow;
}

TEST_CASE("a busy key that has only its reserve left is no candidate for batch work") {
  CHECK_FALSE(may_go(0.2, 1));
  CHECK(may_go(0.3, 1));
  CHECK(may_go(0.2, 1, 0));
}

TEST_CASE("an idle key is asked itself: what was said of it may be long ago") {
  CHECK(may_go(0, 0));
}

TEST_CASE("whom a request sticks to matters where its alias is sticky, and not while money is short") {
  const auto model = std::make_shared<config::Model>();
  AliasRoute route;
  route.model = model;
  RequestFacts facts;
  facts.sticky = 7;
  model->strategy = config::Strategy::sticky;
  CHECK(pick_ask(route, facts).sticky == 7);
  model->strategy = config::Strategy::headroom;
  CHECK(pick_ask(route, facts).sticky == 0);
  model->strategy = config::Strategy::sticky;
  facts.thrift = 1;
  CHECK(pick_ask(route, facts).strategy == config::Strategy::cheapest);
}

}  // namespace
}  // namespace troupe::actors
