#include "actors/policy/adaptive_weight.hpp"

#include <vector>

#include "tests/policy/property.hpp"

using troupe::policy::AdaptiveWeight;

TEST_CASE("a success adds five percent and a failure takes half") {
  AdaptiveWeight weight;
  weight.success();
  CHECK(weight.value() == Approx(1.05));
  weight.failure();
  CHECK(weight.value() == Approx(0.525));
}

TEST_CASE("a weight stays between a tenth and two") {
  troupe::testing::holds([] {
    AdaptiveWeight weight;
    for (const bool success : *rc::gen::container<std::vector<bool>>(rc::gen::arbitrary<bool>())) {
      success ? weight.success() : weight.failure();
      RC_ASSERT(weight.value() >= 0.1);
      RC_ASSERT(weight.value() <= 2.0);
    }
  });
}
