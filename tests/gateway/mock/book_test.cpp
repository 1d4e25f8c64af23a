#include "gateway/mock/book.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::mock;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {
const Time kStart{seconds(1000)};
}

TEST_CASE("a rolling minute remembers the most that any minute held") {
  RollingMinute minute;
  for (int i = 0; i < 5; ++i) minute.add(kStart + seconds(10 * i), 1);
  CHECK(minute.sum(kStart + seconds(59)) == 5);
  CHECK(minute.sum(kStart + seconds(60)) == 4);
  CHECK(minute.sum(kStart + seconds(200)) == 0);
  CHECK(minute.worst() == 5);
}

TEST_CASE("a key over its requests per minute is told when the oldest call has aged out") {
  Page page;
  page.rules.rpm = 2;
  CHECK_FALSE(page.admit(kStart, 1));
  CHECK_FALSE(page.admit(kStart + seconds(20), 1));
  const auto refused = page.admit(kStart + seconds(30), 1);
  REQUIRE(refused);
  CHECK(refused->what == "requests");
  CHECK(refused->wait == Duration(seconds(30)));
  CHECK_FALSE(page.admit(kStart + seconds(60), 1));
}

TEST_CASE("a key over its tokens per minute waits until enough of them have aged out") {
  Page page;
  page.rules.tpm = 100;
  CHECK_FALSE(page.admit(kStart, 30));
  CHECK_FALSE(page.admit(kStart + seconds(5), 60));
  const auto refused = page.admit(kStart + seconds(10), 60);
  REQUIRE(refused);
  CHECK(refused->what == "tokens");
  CHECK(refused->wait == Duration(seconds(55)));
}

TEST_CASE("a change for everyone reaches the keys that are known, and one for a key only that key") {
  Book book({});
  book.page("a");
  REQUIRE(book.change({{"rpm", 7}}));
  REQUIRE(book.change({{"key", "b"}, {"dead", true}}));
  CHECK(book.page("a").rules.rpm == 7);
  CHECK(book.page("b").rules.rpm == 7);
  CHECK(book.page("b").rules.dead);
  CHECK_FALSE(book.page("a").rules.dead);
  CHECK(book.page("later").rules.rpm == 7);
}

TEST_CASE("a change with an unknown field changes nothing and names the field") {
  Book book({});
  const auto out = book.change({{"rpm", 7}, {"error_rat", 1}});
  REQUIRE_FALSE(out);
  CHECK(out.error().param == "error_rat");
  CHECK(book.everyone().rpm == 0);
}

TEST_CASE("a long key is shown by its ends only") {
  CHECK(shown("mock-key-1") == "mock-key-1");
  CHECK(shown("sk-proj-abcdefghijklmnopqrstuvwxyz") == "sk-pro...wxyz");
}

TEST_CASE("what was seen tells the last and the worst minute of a key, by its last characters") {
  Book book({});
  auto& page = book.page("sk-a-long-key-cdef");
  for (int i = 0; i < 4; ++i) page.calls.add(kStart + seconds(20 * i), 1);
  page.total = 4;
  const auto seen = book.seen(kStart + seconds(100));
  REQUIRE(seen["keys"].size() == 1);
  const auto& row = seen["keys"][0];
  CHECK(row["key"] == "...cdef");
  CHECK(row["last_60s"] == 1);
  CHECK(row["worst_60s"] == 3);
  CHECK(row["total"] == 4);
}

TEST_CASE("of a short key nothing is told") {
  CHECK(tail("12345678") == "...");
  CHECK(tail("123456789") == "...6789");
}
