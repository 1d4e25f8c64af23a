#include "actors/policy/cache/shelf.hpp"

#include <memory>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cache;
using namespace std::chrono_literals;

namespace {

constexpr Digest k1{1, 0, 0, 0}, k2{2, 0, 0, 0}, k3{3, 0, 0, 0};
constexpr Duration kAny = 24h;
const Time t0{Duration(1h)};

EntryPtr entry(std::size_t size, std::string tenant = "", std::int64_t picos = 0) {
  auto made = std::make_shared<Entry>();
  made->tenant = std::move(tenant);
  made->picos = picos;
  made->body.assign(size - made->size(), 'x');
  return made;
}

}  // namespace

TEST_CASE("an entry is found until its time is over, and tells its age") {
  Shelf shelf({10000, 1000});
  const auto kept = entry(500);
  REQUIRE(shelf.put(k1, kept, 10s, t0));
  const auto found = shelf.find(k1, kAny, t0 + 9s);
  REQUIRE(found);
  CHECK(found->entry == kept);
  CHECK(found->age == 9s);
  CHECK_FALSE(shelf.find(k2, kAny, t0));
  CHECK_FALSE(shelf.find(k1, kAny, t0 + 10s));
  CHECK(shelf.entries() == 0);
  CHECK(shelf.bytes() == 0);
}

TEST_CASE("who wants a fresh answer does not get an old one, and the next who takes it does") {
  Shelf shelf({10000, 1000});
  shelf.put(k1, entry(500), 10min, t0);
  CHECK_FALSE(shelf.find(k1, 60s, t0 + 61s));
  CHECK(shelf.find(k1, 60s, t0 + 60s));
  CHECK(shelf.find(k1, kAny, t0 + 61s));
  CHECK(shelf.hits() == 2);
}

TEST_CASE("where bytes are short the one that was not asked for longest goes") {
  Shelf shelf({1200, 1000});
  shelf.put(k1, entry(500), 1min, t0);
  shelf.put(k2, entry(500), 1min, t0);
  CHECK(shelf.find(k1, kAny, t0));
  shelf.put(k3, entry(600), 1min, t0);
  CHECK(shelf.find(k1, kAny, t0));
  CHECK_FALSE(shelf.find(k2, kAny, t0));
  CHECK(shelf.find(k3, kAny, t0));
  CHECK(shelf.bytes() == 1100);
  CHECK(shelf.evicted() == 1);
}

TEST_CASE("what is larger than one entry may be is not kept, and throws nothing out") {
  Shelf shelf({1200, 600});
  shelf.put(k1, entry(600), 1min, t0);
  CHECK_FALSE(shelf.put(k2, entry(601), 1min, t0));
  CHECK_FALSE(shelf.put(k3, entry(300), 0s, t0));
  CHECK(shelf.entries() == 1);
}

TEST_CASE("an entry that is put again replaces the old one") {
  Shelf shelf({5000, 1000});
  shelf.put(k1, entry(500), 1min, t0);
  shelf.put(k1, entry(700), 1min, t0 + 30s);
  CHECK(shelf.bytes() == 700);
  CHECK(shelf.find(k1, kAny, t0 + 80s)->age == 50s);
}

TEST_CASE("smaller limits are in force at once") {
  Shelf shelf({5000, 1000});
  shelf.put(k1, entry(900), 1min, t0);
  shelf.put(k2, entry(400), 1min, t0);
  shelf.put(k3, entry(400), 1min, t0);
  shelf.use({500, 500});
  CHECK_FALSE(shelf.has(k1, t0));
  CHECK_FALSE(shelf.has(k2, t0));
  CHECK(shelf.has(k3, t0));
}

TEST_CASE("figures are kept by tenant, and one tenant's entries can be dropped alone") {
  Shelf shelf({5000, 1000});
  shelf.put(k1, entry(500, "a", 7), 1min, t0);
  shelf.put(k2, entry(400, "b", 9), 1min, t0);
  (void)shelf.find(k1, kAny, t0);
  (void)shelf.find(k1, kAny, t0);
  CHECK(shelf.tenants().at("a").hits == 2);
  CHECK(shelf.tenants().at("a").saved_picos == 14);
  CHECK(shelf.tenants().at("b").bytes == 400);
  shelf.flush("a");
  CHECK(shelf.tenants().at("a").entries == 0);
  CHECK(shelf.has(k2, t0));
  shelf.flush();
  CHECK(shelf.entries() == 0);
  CHECK(shelf.bytes() == 0);
}
