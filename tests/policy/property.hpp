#pragma once
// rapidcheck inside Catch2, with a fixed seed: the suite gives the same answer every time.
#include "tests/support/catch.hpp"
// Catch first.
#include <rapidcheck.h>

#include <sstream>
#include <utility>

namespace troupe::testing {

/// Requires that `property` (arguments are generated; RC_ASSERT inside) holds for `cases` cases.
template <class Property>
void holds(Property&& property, int cases = 100) {
  rc::detail::TestParams params;
  params.seed = 20250101;
  params.maxSuccess = cases;
  params.disableShrinking = true;  // of hundreds of calls it takes minutes; the case itself is printed
  const auto result =
      rc::detail::checkTestable(std::forward<Property>(property), rc::detail::TestMetadata{}, params);
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  INFO(text.str());
  REQUIRE(result.template is<rc::detail::SuccessResult>());
}

}  // namespace troupe::testing
