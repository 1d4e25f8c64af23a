#include "actors/policy/thrift.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::policy;

namespace {

Candidate costing(std::optional<double> dollars) {
  Candidate out;
  if (dollars) out.cost = from_dollars(*dollars);
  return out;
}

}  // namespace

TEST_CASE("a budget is thrifty in its last fifth, more and more, and never quite wholly") {
  CHECK(thrift_of(0) == 0);
  CHECK(thrift_of(0.8) == 0);
  CHECK(thrift_of(0.9) == Approx(0.5));
  CHECK(thrift_of(1) < 1);
  CHECK(thrift_of(1) > 0.99);
  CHECK(thrift_of(2) < 1);
}

TEST_CASE("dearer endpoints lose weight by how much dearer they are") {
  std::vector<Candidate> all{costing(0.01), costing(0.10), costing(std::nullopt)};
  favour_cheap(all, 0.5);
  CHECK(all[0].adaptive_weight == Approx(1));
  CHECK(all[1].adaptive_weight == Approx(0.1));
  CHECK(all[2].adaptive_weight == Approx(0.1));  // an unknown price counts as the dearest
}

TEST_CASE("what is ruled out already is no measure of what is cheap") {
  std::vector<Candidate> all{costing(0.001), costing(0.10)};
  all[0].rejected = Rejection::no_capacity;
  favour_cheap(all, 1);
  CHECK(all[1].adaptive_weight == Approx(1));
}

TEST_CASE("what costs nothing leaves the others some weight") {
  std::vector<Candidate> all{costing(0), costing(0.001)};
  favour_cheap(all, 1);
  CHECK(all[0].adaptive_weight == Approx(1));
  CHECK(all[1].adaptive_weight > 0);
  CHECK(all[1].adaptive_weight < 0.01);
}

TEST_CASE("nobody's price known: nothing changes") {
  std::vector<Candidate> all{costing(std::nullopt), costing(std::nullopt)};
  favour_cheap(all, 1);
  CHECK(all[0].adaptive_weight == 1);
}
