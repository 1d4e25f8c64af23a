#include "cluster/ledger/cost_book.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::ledger;

namespace {

WallTime day(int number, int hour = 0) {
  return WallTime(std::chrono::hours(24 * number + hour));
}

policy::Expense call(WallTime at, std::optional<policy::Picos> cost, const std::string& user = "bob") {
  policy::Expense out;
  out.at = at;
  out.tenant = "search";
  out.key = "prod";
  out.user = user;
  out.tags = {{"env", "prod"}, {"team", "a"}};
  out.provider = "openai";
  out.model = "gpt";
  out.input = {10};
  out.output = {20};
  out.cost = cost;
  return out;
}

void add(CostBook& book, const std::vector<policy::Expense>& calls) {
  std::vector<const policy::Expense*> pointers;
  for (const auto& one : calls) pointers.push_back(&one);
  book.add(book.of(pointers));
}

constexpr int kFirst = 20'454;  // 2026-01-01

}  // namespace

TEST_CASE("a call counts under each of its names, exactly") {
  CostBook book;
  add(book, {call(day(kFirst, 3), 7), call(day(kFirst, 23), 5), call(day(kFirst + 1), 1)});
  for (const auto& [by, name] : {std::pair(CostBy::provider, "openai"),
                                 {CostBy::model, "openai/gpt"},
                                 {CostBy::tenant, "search"},
                                 {CostBy::key, "search/prod"},
                                 {CostBy::user, "search/bob"},
                                 {CostBy::tag, "env=prod"},
                                 {CostBy::tag, "team=a"}}) {
    CAPTURE(name);
    const auto sums = book.sums(by, kFirst, kFirst + 2);
    REQUIRE(sums.contains(name));
    CHECK(sums.at(name).cost == 13);
    CHECK(sums.at(name).calls == 3);
    CHECK(sums.at(name).input == 30);
    CHECK(sums.at(name).output == 60);
  }
  CHECK(book.sums(CostBy::tenant, kFirst, kFirst + 1).at("search").cost == 12);
  const auto days = book.days(kFirst, kFirst + 2);
  CHECK(days.at(kFirst).cost == 12);
  CHECK(days.at(kFirst + 1).cost == 1);
}

TEST_CASE("users are summed by month, whichever day is asked for") {
  CostBook book;
  add(book, {call(day(kFirst + 3), 7), call(day(kFirst + 20), 5), call(day(kFirst + 31), 1)});
  CHECK(book.sums(CostBy::user, kFirst + 15, kFirst + 31).at("search/bob").cost == 12);
  CHECK(book.sums(CostBy::user, kFirst, kFirst + 60).at("search/bob").cost == 13);
}

TEST_CASE("a call whose price is not known is counted apart, never as nothing") {
  CostBook book;
  add(book, {call(day(kFirst), std::nullopt), call(day(kFirst), 5)});
  const auto sum = book.sums(CostBy::provider, kFirst, kFirst + 1).at("openai");
  CHECK(sum.unknown == 1);
  CHECK(sum.calls == 2);
  CHECK(sum.cost == 5);
}

TEST_CASE("names are bounded: what comes later counts as others', and nothing is lost") {
  CostBook book;
  std::vector<policy::Expense> calls;
  for (std::size_t i = 0; i < CostBook::kMost + 500; ++i)
    calls.push_back(call(day(kFirst), 1, "u" + std::to_string(i)));
  add(book, calls);
  auto sums = book.sums(CostBy::user, kFirst, kFirst + 1);
  CHECK(sums.size() == CostBook::kMost + 1);
  CHECK(sums.at("(other)").cost == 500);
  add(book, {call(day(kFirst), 1, "u3"), call(day(kFirst), 1, "new")});
  sums = book.sums(CostBy::user, kFirst, kFirst + 1);
  CHECK(sums.at("search/u3").cost == 2);
  CHECK(sums.at("(other)").cost == 501);
}

TEST_CASE("a very long name is cut between characters") {
  CostBook book;
  std::string longest;
  for (int i = 0; i < 200; ++i) longest += "\xc3\xa4";
  add(book, {call(day(kFirst), 1, longest)});
  const auto sums = book.sums(CostBy::user, kFirst, kFirst + 1);
  const auto& name = sums.begin()->first;
  CHECK(name.size() < 200);
  CHECK(name.ends_with("\xc3\xa4..."));
}

TEST_CASE("old days are forgotten") {
  CostBook book;
  add(book, {call(day(kFirst), 7), call(day(kFirst + 9), 5)});
  book.forget_before(kFirst + 5);
  CHECK(book.days(0, kFirst + 20).size() == 1);
  CHECK(book.sums(CostBy::tenant, 0, kFirst + 20).at("search").cost == 5);
}
