// A chat call and its tenant's budget: money first, then the call.
#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "gateway/api/chat.hpp"

namespace troupe::api {

using boost::asio::awaitable;
using Taken = policy::Purse::Taken;

namespace {

constexpr auto kPatience = std::chrono::seconds(2);  // for money from other nodes, and for the disk
constexpr std::array<std::string_view, 3> kPeriods{"day", "week", "month"};
constexpr auto kLook = std::chrono::milliseconds(10);

}  // namespace

/// Takes the money for a call to that endpoint, when it is at hand.
ChatCall::Paid ChatCall::pay(const actors::Granted& granted) {
  if (caller_.tenant == nullptr || !caller_.tenant->budget) return Paid::yes;
  if (operation_ == dialects::Operation::count_tokens) return Paid::yes;  // free everywhere
  const auto& rule = *caller_.tenant->budget;
  purse_ = worker_.cash.purse ? worker_.cash.purse(caller_.tenant->name) : nullptr;
  if (!purse_) return Paid::closed;
  const auto most = most_cost(*granted.endpoint, facts_->input, facts_->output, rule.unknown_price);
  unpriced_ = granted.endpoint->key->provider->name + "/" + granted.endpoint->model;
  if (!most) return Paid::unpriced;
  if (payment_ && payment_->money.amount() >= most->picos) return Paid::yes;
  payment_.reset();
  return take_money(most->picos);
}

ChatCall::Paid ChatCall::take_money(policy::Picos amount) {
  lacking_ = amount;
  switch (purse_->take(amount)) {
    case Taken::yes:
      payment_.emplace(Payment{policy::Reservation(purse_, amount, &worker_.cash.book), caller_.tenant->name,
                               caller_.tenant->budget->unknown_price});
      return Paid::yes;
    case Taken::exhausted:
      return Paid::exhausted;
    case Taken::wait:
      break;
  }
  return Paid::later;
}

/// Until the money is there, or it is clear that it does not come.
awaitable<ChatCall::Paid> ChatCall::wait_for_money() {
  const Time until = std::min(worker_.clock.now() + kPatience, total_deadline_);
  auto paid = Paid::later;
  while (paid == Paid::later && worker_.clock.now() < until && !gone()) {
    if (worker_.cash.hurry) worker_.cash.hurry();
    co_await wait_until(worker_.clock.now() + kLook);
    paid = take_money(lacking_);
  }
  co_return paid;
}

void ChatCall::refuse_unpaid(Paid paid) {
  if (gone()) return note_gone();
  const auto& tenant = caller_.tenant->name;
  if (paid == Paid::unpriced) {
    const auto why = fmt::format(
        "The price of {} is unknown, and the budget of the tenant '{}' refuses such calls: give the target a "
        "price, or set the budget's unknown_price.",
        unpriced_, tenant);
    return fail_request(Fault::policy_over_cost, 0,
                        {Fault::policy_over_cost, why, {}, "price_unknown", {}, {}}, std::nullopt);
  }
  if (paid == Paid::exhausted) {
    const auto& rule = *caller_.tenant->budget;
    const auto why = fmt::format(
        "The tenant '{}' has used up its budget of ${} per {}: less is left than this call could cost. It "
        "renews "
        "on {}.",
        tenant, rule.usd, kPeriods.at(static_cast<std::size_t>(rule.period)), moment(purse_->until()));
    return fail_request(Fault::policy_rate_limited, 0,
                        {Fault::policy_rate_limited, why, {}, "budget_exhausted", {}, {}},
                        std::max<Duration>(std::chrono::seconds(1), purse_->until() - worker_.clock.wall()));
  }
  if (purse_ && purse_->known()) {
    const auto why = fmt::format(
        "What is left of the budget of the tenant '{}' is reserved by calls under way, which cost less than "
        "that mostly: ask again when some have ended.",
        tenant);
    return fail_request(Fault::policy_rate_limited, 0,
                        {Fault::policy_rate_limited, why, {}, "budget_reserved", {}, {}},
                        std::chrono::seconds(1));
  }
  const auto why = fmt::format(
      "No money of the budget of the tenant '{}' could be had in time: the node's store or a majority of the "
      "cluster does not answer.",
      tenant);
  fail_request(Fault::troupe_no_capacity, 0,
               {Fault::troupe_no_capacity, why, {}, "budget_unavailable", {}, {}}, std::nullopt);
}

/// A call that was granted and is not sent.
void ChatCall::hand_back(const actors::Granted& granted) {
  actors::Settlement unused;
  unused.called = false;
  worker_.desk.settle(granted, std::move(unused));
}

}  // namespace troupe::api
