#include "gateway/api/payment.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::api;

namespace {

actors::Endpoint endpoint(std::optional<Money> input, std::optional<Money> output) {
  auto provider = std::make_shared<config::Provider>();
  provider->name = "openai";
  auto key = std::make_shared<actors::KeyInfo>();
  key->provider = provider;
  auto info = std::make_shared<config::ModelInfo>();
  info->input = input;
  info->output = output;
  actors::Endpoint out;
  out.key = key;
  out.model = "gpt";
  out.info = info;
  return out;
}

Usage usage(std::int64_t input, std::int64_t output) {
  Usage out;
  out.input = {input};
  out.output = {output};
  return out;
}

}  // namespace

TEST_CASE("a call could cost its prompt and all the output that was asked for") {
  CHECK(most_cost(endpoint(Money{2}, Money{10}), {100}, {50}, {}) == Money{700});
}

TEST_CASE("an unknown price refuses, or counts each token by the budget's rule") {
  CHECK(most_cost(endpoint(Money{2}, {}), {100}, {50}, {}) == std::nullopt);
  CHECK(most_cost(endpoint(Money{2}, {}), {100}, {50}, Money{3}) == Money{450});
}

TEST_CASE("what counts is the real cost, nothing for what was not sent or failed, all where nobody knows") {
  const Money reserved{1000};
  CHECK(cost_to_book({true, 200, usage(10, 5), Money{42}}, reserved, {}) == Money{42});
  CHECK(cost_to_book({false, 0, {}, {}}, reserved, {}) == Money{0});
  CHECK(cost_to_book({true, 500, {}, {}}, reserved, {}) == Money{0});
  CHECK(cost_to_book({true, 0, {}, {}}, reserved, {}) == reserved);    // timed out: it may have been done
  CHECK(cost_to_book({true, 200, {}, {}}, reserved, {}) == reserved);  // cut before any figure
  CHECK(cost_to_book({true, 200, usage(10, 5), {}}, reserved, Money{3}) == Money{45});
}

namespace {

std::shared_ptr<policy::Purse> purse_with(std::uint64_t id, policy::Picos ready, policy::Picos taken) {
  auto purse = std::make_shared<policy::Purse>(id, "team", 5000, WallTime{});
  purse->credit(ready);
  REQUIRE(purse->take(taken) == policy::Purse::Taken::yes);
  return purse;
}

}  // namespace

TEST_CASE("a payment is settled once, and what it did not cost is ready again in every budget") {
  const auto purse = purse_with(7, 1000, 800), other = purse_with(8, 1000, 900);
  std::vector<std::pair<policy::Expense, std::vector<policy::Charge>>> booked;
  const policy::Book book = [&](const policy::Expense& expense, std::vector<policy::Charge> charges) {
    booked.emplace_back(expense, std::move(charges));
  };
  policy::Expense whose;
  whose.tenant = "team";
  whose.user = "bob";
  Payment payment{policy::Reservation({{purse, 800}, {other, 900}}, &book), {{}, Money{3}}, whose};
  const auto to = endpoint(Money{2}, Money{10});
  payment.settle({true, 200, usage(10, 5), Money{70}}, to, WallTime(std::chrono::seconds(9)));
  payment.settle({true, 200, usage(10, 5), Money{70}}, to, WallTime(std::chrono::seconds(9)));
  REQUIRE(booked.size() == 1);
  CHECK(booked[0].first.cost == 70);
  CHECK(booked[0].first.provider == "openai");
  CHECK(booked[0].first.user == "bob");
  CHECK_FALSE(booked[0].first.estimated);
  CHECK(booked[0].second.size() == 2);
  CHECK(purse->ready() == 930);
  CHECK(other->ready() == 930);
}

TEST_CASE("an unknown price counts in each budget by its own rule, and stays unknown in the books") {
  const auto purse = purse_with(7, 1000, 800);
  std::optional<policy::Expense> booked;
  std::vector<policy::Charge> charged;
  const policy::Book book = [&](const policy::Expense& expense, std::vector<policy::Charge> charges) {
    booked = expense;
    charged = std::move(charges);
  };
  Payment payment{policy::Reservation({{purse, 800}}, &book), {Money{3}}, {}};
  payment.settle({true, 200, usage(10, 5), {}}, endpoint({}, {}), WallTime{});
  REQUIRE(booked);
  CHECK_FALSE(booked->cost);
  REQUIRE(charged.size() == 1);
  CHECK(charged[0].cost == 45);
}

TEST_CASE("who has nothing left is told whose budget it was, how much, and when it renews") {
  config::Fund fund{"tenant/a", "the tenant 'a'", {}};
  fund.rule.usd = 5;
  const WallTime at = std::chrono::sys_days(std::chrono::year(2026) / 12 / 1);
  CHECK(exhausted_words(fund, at) ==
        "The tenant 'a' has used up its budget of $5 per month: less is left than this call could cost. It "
        "renews "
        "on 2026-12-01 00:00 UTC.");
  fund.rule.rolling = true;
  CHECK(exhausted_words(fund, at).find("in any 30 days") != std::string::npos);
}

TEST_CASE("a renewal is told as a moment in UTC") {
  CHECK(moment(std::chrono::sys_days(std::chrono::year(2026) / 12 / 1)) == "2026-12-01 00:00 UTC");
}
