#include "actors/policy/retry_budget.hpp"

#include <algorithm>
#include <vector>

#include "tests/policy/property.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using policy::RetryBudget;

namespace {
const Time kStart{100h};
}

TEST_CASE("a node with little traffic may retry a few times") {
  RetryBudget budget(0.2);
  for (int i = 0; i < 3; ++i) CHECK(budget.try_retry(kStart));
  CHECK_FALSE(budget.try_retry(kStart));
  CHECK(budget.try_retry(kStart + 10s));
}

TEST_CASE("retries are a share of the requests of the last ten seconds") {
  RetryBudget budget(0.2);
  for (int i = 0; i < 100; ++i) budget.request(kStart);
  int granted = 0;
  for (int i = 0; i < 100; ++i) granted += budget.try_retry(kStart + 1s) ? 1 : 0;
  CHECK(granted == 20);
  CHECK(budget.requests(kStart + 11s) == 0);
}

TEST_CASE("at no retry are there more in the window than the share or the floor allows") {
  testing::holds([] {
    RetryBudget budget(0.2, 3);
    std::vector<Time> requests, retries;
    Time now = kStart;
    const auto steps =
        *rc::gen::resize(300, rc::gen::container<std::vector<std::pair<int, int>>>(
                                  rc::gen::pair(rc::gen::inRange(0, 3), rc::gen::inRange(0, 200))));
    for (const auto& [what, millis] : steps) {
      now += std::chrono::milliseconds(millis);
      if (what == 0) {
        budget.request(now);
        requests.push_back(now);
      } else if (budget.try_retry(now)) {
        retries.push_back(now);
        // Whole seconds, as the budget counts them.
        const Time since = std::chrono::floor<std::chrono::seconds>(now) - 9s;
        const auto in_window = [&](const std::vector<Time>& all) {
          return std::count_if(all.begin(), all.end(), [&](Time at) { return at >= since; });
        };
        RC_ASSERT(static_cast<double>(in_window(retries)) <=
                  std::max(3.0, 0.2 * static_cast<double>(in_window(requests))));
      }
    }
  });
}
