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

TEST_CASE("a payment is settled once, and what it did not cost is ready again") {
  const auto purse = std::make_shared<policy::Purse>(7, "team", 5000, WallTime{});
  purse->credit(1000);
  REQUIRE(purse->take(800) == policy::Purse::Taken::yes);
  std::vector<policy::Expense> booked;
  const policy::Reservation::Book book = [&](const auto&, const policy::Expense& expense) {
    booked.push_back(expense);
  };
  Payment payment{policy::Reservation(purse, 800, &book), "team", {}};
  const auto to = endpoint(Money{2}, Money{10});
  payment.settle({true, 200, usage(10, 5), Money{70}}, to, WallTime(std::chrono::seconds(9)));
  payment.settle({true, 200, usage(10, 5), Money{70}}, to, WallTime(std::chrono::seconds(9)));
  REQUIRE(booked.size() == 1);
  CHECK(booked[0].cost == 70);
  CHECK(booked[0].provider == "openai");
  CHECK_FALSE(booked[0].estimated);
  CHECK(purse->ready() == 930);
}

TEST_CASE("a renewal is told as a moment in UTC") {
  CHECK(moment(std::chrono::sys_days(std::chrono::year(2026) / 12 / 1)) == "2026-12-01 00:00 UTC");
}
