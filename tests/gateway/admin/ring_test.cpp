#include "gateway/admin/ring.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>

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

TEST_CASE("a record that met a reader is seen by the next one, also when none is put after it") {
  for (int round = 0; round < 50; ++round) {
    Ring ring(2000);
    for (int n = 0; n < 2000; ++n) ring.put(record(n));
    std::atomic<bool> reading{false}, enough{false};
    std::thread reader([&] {
      std::vector<SharedRecord> kept;
      while (!enough) {
        kept.clear();
        ring.copy_to(kept);
        reading = true;
      }
    });
    while (!reading) std::this_thread::yield();
    for (int n = 0; n < 5; ++n) ring.put(record(5000 + n));
    enough = true;
    reader.join();
    std::vector<SharedRecord> kept;
    ring.copy_to(kept);
    REQUIRE(std::any_of(kept.begin(), kept.end(), [](const auto& each) { return each->id == "5004"; }));
  }
}

}  // namespace
}  // namespace troupe::admin
