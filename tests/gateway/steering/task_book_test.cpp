#include "gateway/steering/task_book.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;
using troupe::Time;
using troupe::steering::TaskBook;

namespace {
const Time kNow{100h};
}

TEST_CASE("what was said of a text is known for ten minutes, and for that model only") {
  TaskBook book;
  const auto one = TaskBook::number("m", "hello");
  CHECK(one != TaskBook::number("n", "hello"));
  CHECK(one != TaskBook::number("mh", "ello"));
  CHECK_FALSE(book.known(one, kNow));
  book.answered(one, "code", kNow);
  book.answered(one, "chat", kNow);
  CHECK(book.known(one, kNow + 599s) == "chat");
  CHECK_FALSE(book.known(one, kNow + 600s));
  CHECK(book.size() == 1);
  book.forget();
  CHECK_FALSE(book.known(one, kNow));
}

TEST_CASE("the oldest answers go when there are too many") {
  TaskBook book;
  for (std::uint64_t n = 0; n <= TaskBook::kMost; ++n) book.answered(n, "chat", kNow);
  CHECK(book.size() == TaskBook::kMost);
  CHECK_FALSE(book.known(0, kNow));
  CHECK(book.known(1, kNow));
}

TEST_CASE("who fails three times in a row is left alone, longer each time, until he answers") {
  TaskBook book;
  book.failed(kNow);
  book.failed(kNow);
  CHECK(book.may_ask(kNow));
  book.failed(kNow);
  CHECK_FALSE(book.may_ask(kNow));
  book.failed(kNow);  // was under way with the others
  CHECK(book.may_ask(kNow + 1s));
  book.failed(kNow + 1s);
  CHECK_FALSE(book.may_ask(kNow + 2s));
  CHECK(book.may_ask(kNow + 3s));
  for (int i = 0; i < 20; ++i) book.failed(kNow + 1h * (i + 1));
  CHECK_FALSE(book.may_ask(kNow + 20h + 59s));
  CHECK(book.may_ask(kNow + 20h + 60s));
  book.answered(1, "chat", kNow + 21h);
  book.failed(kNow + 21h);
  CHECK(book.may_ask(kNow + 21h));
}
