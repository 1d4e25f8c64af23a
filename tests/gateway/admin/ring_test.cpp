#include "gateway/admin/ring.hpp"

#include <algorithm>
#include <string>

#include "tests/gateway/admin/fakes.hpp"
#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

SharedRecord record(int n) {
  return std::make_shared<const RequestRecord>(served(std::to_string(n)));
}

TEST_CASE("a ring keeps the newest records") {
  Ring ring(3);
  for (int n = 1; n <= 5; ++n) ring.put(record(n));
  std::vector<SharedRecord> kept;
  ring.copy_to(kept);
  std::vector<std::string> ids;
  for (const auto& each : kept) ids.push_back(each->id);
  std::sort(ids.begin(), ids.end());
  CHECK(ids == std::vector<std::string>{"3", "4", "5"});
}

TEST_CASE("a ring of no size still keeps one") {
  Ring ring(0);
  ring.put(record(1));
  std::vector<SharedRecord> kept;
  ring.copy_to(kept);
  CHECK(kept.size() == 1);
}

}  // namespace
}  // namespace troupe::admin
