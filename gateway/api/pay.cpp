// A chat call and the budgets that it counts in: money first, then the call.
#include <fmt/format.h>
#include <algorithm>

#include "actors/policy/thrift.hpp"
#include "gateway/api/chat.hpp"

namespace troupe::api {

using boost::asio::awaitable;
using Taken = policy::Purse::Taken;

namespace {

constexpr auto kPatience = std::chrono::seconds(2);  // for money from other nodes, and for the disk
constexpr auto kLook = std::chrono::milliseconds(10);

}  // namespace

/// Every budget that this request counts in, and how near its end it is.
void ChatCall::find_funds(actors::RequestFacts& facts) {
  const auto& funds = *caller_.setup->funds;
  if (funds.empty() || operation_ == dialects::Operation::count_tokens) return;
  funds_ = funds.of({record_.tenant, caller_.key ? std::string_view(caller_.key->name) : std::string_view(),
                     request_.user, request_.model, &tags_});
  for (const auto& fund : funds_) {
    if (fund->rule.on_exhausted != config::OnExhausted::cheapest || !fund->rule.thrift) continue;
    const auto purse = worker_.cash.purse ? worker_.cash.purse(fund->owner) : nullptr;
    if (purse) facts.thrift = std::max(facts.thrift, policy::thrift_of(purse->used()));
  }
}

/// Takes the money for a call to that endpoint, when it is at hand.
ChatCall::Paid ChatCall::pay(const actors::Granted& granted) {
  const bool free = operation_ == dialects::Operation::count_tokens;
  if (free || (funds_.empty() && !worker_.cash.book)) return Paid::yes;
  std::vector<policy::Picos> amounts;
  amounts.reserve(funds_.size());
  for (std::size_t i = 0; i < funds_.size(); ++i) {
    const auto& rule = funds_[i]->rule;
    const auto most = most_cost(*granted.endpoint, facts_->input, facts_->output, rule.unknown_price);
    if (!most) {
      unpriced_ = granted.endpoint->key->provider->name + "/" + granted.endpoint->model;
      lacking_ = i;
      return Paid::unpriced;
    }
    amounts.push_back(most->picos);
  }
  const auto covers = [&](const std::vector<policy::Hold>& holds) {
    return std::equal(holds.begin(), holds.end(), amounts.begin(), amounts.end(),
                      [](const policy::Hold& hold, policy::Picos amount) { return hold.amount >= amount; });
  };
  if (payment_ && covers(payment_->money.holds())) return Paid::yes;
  payment_.reset();
  amounts_ = std::move(amounts);
  return take_money();
}

ChatCall::Paid ChatCall::take_money() {
  std::vector<policy::Hold> holds;
  for (std::size_t i = 0; i < funds_.size(); ++i) {
    lacking_ = i;
    auto purse = worker_.cash.purse ? worker_.cash.purse(funds_[i]->owner) : nullptr;
    if (!purse) return worker_.cash.open && worker_.cash.open(funds_[i]->owner) ? Paid::later : Paid::closed;
    holds.push_back({std::move(purse), amounts_[i]});
  }
  std::size_t lacking = 0;
  switch (policy::take_all(holds, lacking)) {
    case Taken::yes:
      break;
    case Taken::exhausted:
      lacking_ = lacking;
      return Paid::exhausted;
    case Taken::wait:
      lacking_ = lacking;
      return Paid::later;
  }
  std::vector<std::optional<Money>> prices;
  for (const auto& fund : funds_) prices.push_back(fund->rule.unknown_price);
  policy::Expense whose;
  whose.tenant = record_.tenant;
  if (caller_.key) whose.key = caller_.key->name;
  whose.user = request_.user;
  whose.tags = tags_;
  payment_.emplace(Payment{policy::Reservation(std::move(holds), &worker_.cash.book), std::move(prices),
                           std::move(whose)});
  return Paid::yes;
}

/// Until the money is there, or it is clear that it does not come.
awaitable<ChatCall::Paid> ChatCall::wait_for_money() {
  const Time until = std::min(worker_.clock.now() + kPatience, total_deadline_);
  auto paid = Paid::later;
  while (paid == Paid::later && worker_.clock.now() < until && !gone()) {
    if (worker_.cash.hurry) worker_.cash.hurry();
    co_await wait_until(worker_.clock.now() + kLook);
    paid = take_money();
  }
  co_return paid;
}

/// A budget that says so sends what it cannot pay to the cheapest endpoint that it can, once.
bool ChatCall::economise() {
  if (economised_) return false;
  economised_ = true;
  auto facts = std::make_shared<actors::RequestFacts>(*facts_);
  bool any = false;
  for (const auto& fund : funds_) {
    const auto purse = worker_.cash.purse(fund->owner);
    if (!purse) return false;
    any = any || fund->rule.on_exhausted == config::OnExhausted::cheapest;
    const Money left{purse->within_reach()};
    facts->max_cost = facts->max_cost ? std::min(*facts->max_cost, left) : left;
  }
  facts->thrift = 1;
  if (any) facts_ = std::move(facts);
  return any;
}

void ChatCall::refuse_unpaid(Paid paid) {
  if (gone()) return note_gone();
  const auto& fund = *funds_.at(lacking_);
  const auto refuse = [&](Fault fault, std::string why, const char* code, std::optional<Duration> retry) {
    fail_request(fault, 0, {fault, std::move(why), {}, code, {}, {}}, retry);
  };
  if (paid == Paid::unpriced) {
    return refuse(
        Fault::policy_over_cost,
        fmt::format("The price of {} is unknown, and {} refuses such calls: give the target a price, or "
                    "set the budget's unknown_price.",
                    unpriced_, fund.title),
        "price_unknown", std::nullopt);
  }
  const auto purse = worker_.cash.purse ? worker_.cash.purse(fund.owner) : nullptr;
  if (paid == Paid::exhausted && purse) {
    return refuse(Fault::policy_rate_limited, exhausted_words(fund, purse->until()), "budget_exhausted",
                  std::max<Duration>(std::chrono::seconds(1), purse->until() - worker_.clock.wall()));
  }
  if (purse && purse->known()) {
    return refuse(
        Fault::policy_rate_limited,
        fmt::format("What is left of the budget of {} is reserved by calls under way, which cost less than "
                    "that mostly: ask again when some have ended.",
                    fund.title),
        "budget_reserved", std::chrono::seconds(1));
  }
  refuse(
      Fault::troupe_no_capacity,
      fmt::format("No money of the budget of {} could be had in time: the node's store or a majority of the "
                  "cluster does not answer.",
                  fund.title),
      "budget_unavailable", std::nullopt);
}

/// A call that was granted and is not sent.
void ChatCall::hand_back(const actors::Granted& granted) {
  actors::Settlement unused;
  unused.called = false;
  worker_.desk.settle(granted, std::move(unused));
}

}  // namespace troupe::api
