#include "actors/policy/cash.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::policy;

namespace {

std::shared_ptr<Purse> purse_with(std::uint64_t id, Picos ready) {
  auto purse = std::make_shared<Purse>(id, "team", 1000, WallTime(std::chrono::seconds(id)));
  purse->credit(ready);
  return purse;
}

std::vector<Hold> taken(std::vector<Hold> holds) {
  std::size_t lacking = 0;
  REQUIRE(take_all(holds, lacking) == Purse::Taken::yes);
  return holds;
}

}  // namespace

TEST_CASE("a call takes from every budget or from none") {
  const auto rich = purse_with(1, 100), poor = purse_with(2, 10);
  std::size_t lacking = 9;
  CHECK(take_all({{rich, 40}, {poor, 20}}, lacking) == Purse::Taken::wait);
  CHECK(lacking == 1);
  CHECK(rich->ready() == 100);
  CHECK(rich->reserved() == 0);
  poor->expect(0);
  CHECK(take_all({{rich, 40}, {poor, 20}}, lacking) == Purse::Taken::exhausted);
  CHECK(take_all({{rich, 40}, {poor, 5}}, lacking) == Purse::Taken::yes);
  CHECK(rich->ready() == 60);
  CHECK(poor->ready() == 5);
}

TEST_CASE("a reservation is settled once in every budget, and written down once") {
  const auto one = purse_with(1, 100), two = purse_with(2, 100);
  std::vector<std::pair<Expense, std::vector<Charge>>> booked;
  const Book book = [&](const Expense& expense, std::vector<Charge> charges) {
    booked.emplace_back(expense, std::move(charges));
  };
  Expense expense;
  expense.cost = 7;
  const std::vector<Picos> costs{7, 9};
  Reservation reservation(taken({{one, 40}, {two, 50}}), &book);
  auto moved = std::move(reservation);
  CHECK_FALSE(reservation);
  moved.settle(expense, costs);
  moved.settle(expense, costs);
  REQUIRE(booked.size() == 1);
  REQUIRE(booked[0].second.size() == 2);
  CHECK(booked[0].second[0].budget == 1);
  CHECK(booked[0].second[0].cost == 7);
  CHECK(booked[0].second[1].cost == 9);
  CHECK(booked[0].second[1].until == WallTime(std::chrono::seconds(2)));
  CHECK(one->ready() == 93);
  CHECK(two->ready() == 91);
  CHECK(two->spent() == 9);
}

TEST_CASE("a reservation that is dropped cost nothing") {
  const auto one = purse_with(1, 100), two = purse_with(2, 100);
  { const Reservation dropped(taken({{one, 40}, {two, 50}}), nullptr); }
  CHECK(one->ready() == 100);
  CHECK(two->reserved() == 0);
}

TEST_CASE("a call that cost nobody anything is not written down, one of unknown price is") {
  int booked = 0;
  const Book book = [&](const Expense&, const std::vector<Charge>&) { ++booked; };
  Expense expense;
  expense.cost = 0;
  Reservation({}, &book).settle(expense, {});
  CHECK(booked == 0);
  expense.cost = std::nullopt;
  expense.input = {12};
  Reservation({}, &book).settle(expense, {});
  CHECK(booked == 1);
}
