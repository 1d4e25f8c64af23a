#include "cluster/money/book.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::money;
using std::chrono::milliseconds;

namespace {

const Epoch kEpoch{2, "t", 1};
const Time kLater{std::chrono::seconds(1)};
const Holder kA{"a", 1}, kB{"b", 2}, kC{"c", 3};

Book book_of(Picos cap) {
  Record record;
  record.id = 7;
  Book book(record, kEpoch);
  book.configure(Budget{7, "team", cap, 0, 1'000'000}, {});
  return book;
}
StatementLine says(Picos seen, Picos free, Picos want, Picos head = 0) {
  StatementLine line;
  line.budget = 7;
  line.granted_seen = seen;
  line.free = free;
  line.want = want;
  line.head = head;
  return line;
}
Picos granted(const Book& book, const Holder& holder) {
  auto record = book.record();
  return record.of(holder).granted;
}
void commit(Book& book) {
  book.stamp();
  book.committed(book.record().stamp.seq);
}

}  // namespace

TEST_CASE("a grant is told when a majority has it on disk") {
  auto book = book_of(1000);
  book.hear(kA, says(0, 0, 100), true, {});
  book.give({});
  CHECK(granted(book, kA) == 100);
  CHECK(book.line_for(kA, {}).granted == 0);
  book.stamp();
  CHECK(book.take_news().empty());
  book.committed(book.record().stamp.seq);
  CHECK(book.take_news() == std::set<Holder>{kA});
  CHECK(book.line_for(kA, {}).granted == 100);
}

TEST_CASE("what was taken over counts as granted, and is told only when a majority has it again") {
  Record record;
  record.id = 7;
  record.of(kA).granted = 900;
  Book book(record, kEpoch);
  book.configure(Budget{7, "team", 1000, 0, 1'000'000}, {});
  CHECK(book.line_for(kA, {}).granted == 0);
  book.hear(kB, says(0, 0, 500), true, {});
  book.give({});
  CHECK(granted(book, kB) <= 100);
  commit(book);
  CHECK(book.line_for(kA, {}).granted == 900);
}

TEST_CASE("a grant that waits for its majority is not gone for who gets it") {
  auto book = book_of(100);
  book.hear(kA, says(0, 0, 100, 100), true, {});
  book.give({});
  CHECK(book.line_for(kA, {}).granted == 0);
  CHECK(book.line_for(kA, {}).left == 100);
  commit(book);
  CHECK(book.line_for(kA, {}).granted == 100);
  CHECK(book.line_for(kA, {}).left == 0);
}

TEST_CASE("blocks shrink as the cap nears, and never pass it") {
  auto book = book_of(1000);
  Picos last = 1000;
  for (int i = 0; i < 12; ++i) {
    const auto before = granted(book, kA);
    book.hear(kA, says(before, 0, 10'000), true, {});
    book.give({});
    const auto gift = granted(book, kA) - before;
    CHECK(gift <= last);
    last = gift;
    CHECK(book.record().held() <= 1000);
  }
  CHECK(last < 10);
}

TEST_CASE("a statement that does not know of a grant yet does not get it twice") {
  auto book = book_of(1000);
  book.hear(kA, says(0, 0, 100), true, {});
  book.give({});
  book.hear(kA, says(0, 0, 100), true, {});
  book.give({});
  CHECK(granted(book, kA) == 100);
}

TEST_CASE("a late statement asks for nothing, but what it gave back counts") {
  auto book = book_of(1000);
  book.hear(kA, says(0, 0, 100), true, {});
  book.give({});
  auto late = says(100, 0, 500);
  late.released = 40;
  book.hear(kA, late, false, {});
  book.give({});
  CHECK(granted(book, kA) == 100);
  CHECK(book.record().held() == 60);
  late.released = 10;
  book.hear(kA, late, false, {});
  CHECK(book.record().held() == 60);
}

TEST_CASE("when a call waits and nothing is left others are called back, idle ones whole") {
  auto book = book_of(100);
  book.hear(kA, says(0, 0, 100, 100), true, {});
  book.give({});
  commit(book);
  book.take_news();
  book.hear(kA, says(100, 100, 0), true, kLater);
  book.hear(kB, says(0, 0, 10, 10), true, kLater);
  book.give(kLater);
  CHECK(book.take_news().count(kA) == 1);
  const auto line = book.line_for(kA, kLater);
  CHECK(line.recall);
  CHECK(line.keep == 50);
  CHECK(book.line_for(kB, kLater).left == 100);
  CHECK_FALSE(book.line_for(kB, kLater).recall);
}

TEST_CASE("of two that wait with fragments the one that lacks least is served, the other gives up its own") {
  auto book = book_of(100);
  book.hear(kA, says(0, 0, 50, 50), true, {});
  book.hear(kB, says(0, 0, 50, 50), true, {});
  book.give({});
  commit(book);
  book.hear(kA, says(50, 50, 30, 30), true, kLater);
  book.hear(kB, says(50, 50, 20, 20), true, kLater);
  book.give(kLater);
  CHECK(book.line_for(kA, kLater).recall);
  CHECK(book.line_for(kA, kLater).keep == 0);
  CHECK_FALSE(book.line_for(kB, kLater).recall);
}

TEST_CASE("what a waiting call was given is not called back before it can have been taken") {
  auto book = book_of(60);
  book.hear(kA, says(0, 0, 60, 60), true, {});
  book.hear(kB, says(0, 0, 60, 60), true, {});
  book.give({});
  CHECK(granted(book, kA) == 60);
  commit(book);
  book.hear(kA, says(60, 60, 60), true, Time(milliseconds(100)));  // here, and not taken yet
  book.give(Time(milliseconds(100)));
  CHECK_FALSE(book.line_for(kA, Time(milliseconds(100))).recall);
  book.hear(kA, says(60, 60, 60), true, kLater);  // nobody takes it
  book.hear(kB, says(0, 0, 60, 60), true, kLater);
  book.give(kLater);
  CHECK(book.line_for(kA, kLater).recall);
}

TEST_CASE("of those that lack the same, who was served longest ago is next") {
  auto book = book_of(60);
  book.hear(kA, says(0, 0, 60, 60), true, {});
  book.give({});
  REQUIRE(granted(book, kA) == 60);
  auto used = says(60, 0, 60, 60);
  used.released = 60;
  book.hear(kA, used, true, kLater);
  book.hear(kB, says(0, 0, 60, 60), true, kLater);
  book.give(kLater);
  CHECK(granted(book, kB) == 60);
  CHECK(granted(book, kA) == 60);
}

TEST_CASE("nobody who does not wait is given what a call that waits still lacks") {
  auto book = book_of(50);
  book.hear(kA, says(0, 0, 60, 60), true, {});
  book.hear(kB, says(0, 0, 60), true, {});
  book.give({});
  CHECK(granted(book, kA) == 0);
  CHECK(granted(book, kB) == 0);
}

TEST_CASE("what others' calls have reserved may come back and counts as left") {
  auto book = book_of(100);
  auto line = says(0, 0, 100, 100);
  book.hear(kA, line, true, {});
  book.give({});
  commit(book);
  line = says(100, 30, 0);
  line.mark = 80;  // 20 are not marked, 10 are ready, 15 are spent
  line.spent = 15;
  book.hear(kA, line, true, {});
  CHECK(book.line_for(kB, {}).left == 30 + 55);
}

TEST_CASE("more spent than granted is granted after the fact, and nobody gets more until it is covered") {
  auto book = book_of(100);
  auto line = says(0, 0, 0);
  line.mark = 120;
  book.hear(kA, line, true, {});
  book.hear(kB, says(0, 0, 10, 10), true, {});
  book.give({});
  CHECK(granted(book, kA) == 120);
  CHECK(granted(book, kB) == 0);
}

TEST_CASE("a lower cap takes nothing away that is held, and grants nothing more") {
  auto book = book_of(100);
  book.hear(kA, says(0, 0, 80, 80), true, {});
  book.give({});
  book.configure(Budget{7, "team", 50, 0, 1'000'000}, {});
  book.hear(kB, says(0, 0, 10, 10), true, {});
  book.give({});
  CHECK(book.record().held() == 80);
  CHECK(granted(book, kB) == 0);
}

TEST_CASE("a budget that is no longer configured grants nothing") {
  auto book = book_of(100);
  book.configure(std::nullopt, {});
  book.hear(kA, says(0, 0, 10, 10), true, {});
  book.give({});
  CHECK(granted(book, kA) == 0);
}

TEST_CASE("what a node's lost disk held is shown as lost when the node is back with another") {
  auto book = book_of(100);
  book.hear(kA, says(0, 0, 60, 60), true, {});
  book.give({});
  const Time later{std::chrono::seconds(10)};
  const Holder reborn{"a", 9};
  book.hear(reborn, says(0, 0, 10), true, later);
  CHECK(book.line_for(reborn, later).lost == 60);
  CHECK(book.line_for(kC, later).left == 40);
}

namespace {

Book watched(std::vector<std::uint32_t> alerts, Picos cap = 1000) {
  Record record;
  record.id = 7;
  Book book(record, kEpoch);
  Budget budget{7, "team", cap, 0, 1'000'000};
  budget.alerts = std::move(alerts);
  book.configure(budget, {});
  commit(book);
  return book;
}
void spent(Book& book, Picos amount) {
  auto line = says(amount, 0, 0);
  line.spent = line.mark = amount;
  book.hear(kA, line, true, {});
}
std::vector<std::uint32_t> due(const Book& book) {
  std::vector<std::uint32_t> out;
  for (const auto& alarm : book.due()) out.push_back(alarm.share);
  return out;
}

}  // namespace

TEST_CASE("a share that is reached is due when a majority has it on disk, until it was told") {
  auto book = watched({5000, 8000, 10000});
  spent(book, 499);
  commit(book);
  CHECK(due(book).empty());
  spent(book, 850);
  CHECK(due(book).empty());
  book.stamp();
  CHECK(due(book).empty());
  book.committed(book.record().stamp.seq);
  CHECK(due(book) == std::vector<std::uint32_t>{5000, 8000});
  CHECK(book.due()[0].id() == "7-5000");
  CHECK(book.due()[0].used == 850);
  book.told(5000);
  commit(book);
  CHECK(due(book) == std::vector<std::uint32_t>{8000});
  book.told(8000);
  commit(book);
  CHECK(due(book).empty());
  CHECK(book.record().told == 8000);
}

TEST_CASE("whoever takes over tells what was reached and not told, and nothing again") {
  Record record;
  record.id = 7;
  record.reached = 8000;
  record.told = 5000;
  Book book(record, kEpoch);
  Budget budget{7, "team", 1000, 0, 1'000'000};
  budget.alerts = {5000, 8000};
  book.configure(budget, {});
  CHECK(due(book).empty());
  commit(book);
  CHECK(due(book) == std::vector<std::uint32_t>{8000});
}

TEST_CASE("money in doubt counts as used, and so do other slots of a rolling budget") {
  auto book = watched({5000});
  auto line = says(300, 0, 0);
  line.doubt = line.mark = 300;
  book.hear(kA, line, true, {});
  commit(book);
  CHECK(due(book).empty());
  book.beside(200);
  book.hear(kA, line, true, {});
  commit(book);
  CHECK(due(book) == std::vector<std::uint32_t>{5000});
}

TEST_CASE("what other slots hold is not granted here") {
  auto book = book_of(1000);
  book.beside(700);
  book.hear(kA, says(0, 0, 900), true, {});
  book.give({});
  CHECK(granted(book, kA) <= 300);
  CHECK(book.line_for(kA, {}).beside == 700);
  CHECK(book.line_for(kA, {}).left <= 300);
}

TEST_CASE("a slot that is past grants nothing") {
  auto book = book_of(1000);
  Budget past{7, "team", 1000, 0, 1'000'000};
  past.past = true;
  book.configure(past, {});
  book.hear(kA, says(0, 0, 100), true, {});
  book.give({});
  CHECK(granted(book, kA) == 0);
}
