#include "cluster/money/bank.hpp"

namespace troupe::money {
namespace {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace

Bank::Bank(BankSettings settings, const Image& image, Time now)
    : settings_(std::move(settings)),
      cashier_(settings_.me, settings_.incarnation, settings_.voters, image, journal_),
      highest_(image.promised.number) {
  const auto& voters = settings_.voters;
  if (std::find(voters.begin(), voters.end(), settings_.me) != voters.end())
    vault_.emplace(image, now + settings_.mute);
}

void Bank::configure(std::vector<Budget> budgets, Time now) {
  cashier_.configure(budgets);
  budgets_ = std::move(budgets);
  if (treasurer_) treasurer_->configure(budgets_, now);
}

void Bank::add(const std::vector<Budget>& budgets, Time now) {
  cashier_.add(budgets);
  budgets_.insert(budgets_.end(), budgets.begin(), budgets.end());
  if (treasurer_) treasurer_->add(budgets, now);
}

void Bank::hear(const NodeName& from, const Message& message, Time now, Outbox& out) {
  dispatch(from, message, now);
  deliver(now, out);
}

void Bank::dispatch(const NodeName& from, const Message& message, Time now) {
  std::visit(Overloaded{
                 [&](const Read& heard) {
                   highest_ = std::max(highest_, heard.epoch.number);
                   if (vault_) vault_->hear(from, heard, now, journal_);
                 },
                 [&](const Store& heard) {
                   if (vault_) vault_->hear(from, heard, now, journal_);
                 },
                 [&](const Copy& heard) {
                   if (treasurer_) treasurer_->hear(from, heard, now);
                 },
                 [&](const Stored& heard) {
                   if (treasurer_) treasurer_->hear(from, heard);
                 },
                 [&](const Statement& heard) {
                   if (treasurer_) treasurer_->hear(from, heard, now);
                 },
                 [&](const Refusal& heard) {
                   highest_ = std::max(highest_, heard.seen);
                   if (treasurer_ && heard.epoch == treasurer_->epoch()) treasurer_.reset();
                 },
                 [&](const Allotment& heard) { cashier_.hear(from, heard, now, journal_); },
             },
             message);
}

/// A number of its own: the permits' epochs begin anew when all voters have restarted, a disk does not.
void Bank::take_office() {
  if (vault_) highest_ = std::max(highest_, vault_->promised().number);
  treasurer_.emplace(Epoch{++highest_, settings_.me, settings_.incarnation}, settings_.voters, budgets_);
}

void Bank::deliver(Time now, Outbox& out) {
  journal_.release(pending_);
  while (!pending_.empty()) {
    for (auto& [to, message] : std::exchange(pending_, {})) {
      if (to == settings_.me)
        dispatch(settings_.me, message, now);
      else
        out.push_back({std::move(to), std::move(message)});
    }
  }
}

void Bank::tick(const Office& office, Time now, Outbox& out) {
  office_ = office;
  if (!office.mine) treasurer_.reset();
  if (office.mine && !treasurer_) take_office();
  cashier_.tick(office.holder, now, journal_, pending_);
  deliver(now, out);
  if (treasurer_) treasurer_->tick(now, pending_);
  deliver(now, out);
}

void Bank::synced(std::uint64_t number, Time now, Outbox& out) {
  journal_.synced(number);
  deliver(now, out);
  tick(Office(office_), now, out);
}

std::vector<Alarm> Bank::take_alarms(Time now) {
  return treasurer_ ? treasurer_->take_alarms(now) : std::vector<Alarm>();
}

void Bank::told(BudgetId budget, std::uint32_t share) {
  if (treasurer_) treasurer_->told(budget, share);
  cashier_.told(budget, share);
}

std::set<std::string> Bank::take_strangers() {
  return treasurer_ ? treasurer_->take_strangers() : std::set<std::string>();
}

void Bank::forget(Second end) {
  cashier_.forget(end, journal_);
  if (vault_) vault_->forget(end, journal_);
}

}  // namespace troupe::money
