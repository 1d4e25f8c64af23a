#include "tests/simulation/money/disk.hpp"

namespace troupe::simulation {

void Disk::lose() {
  image_ = {};
  image_.ledger = random_.next() | 1;
}

void Disk::land(const Item& item) {
  if (const auto* write = std::get_if<money::Write>(&item)) return image_.apply(*write);
  const auto& expense = std::get<Expense>(item);
  image_.blocks[expense.budget].settled += expense.cost;
}

void Disk::cut() {
  ++life_;
  const auto kept = random_.below(queue_.size() + 1);
  for (std::size_t i = 0; i < kept; ++i) land(queue_[i]);
  queue_.clear();
  busy_ = false;
  synced_ = nullptr;
}

void Disk::write(std::vector<money::Write> writes, std::uint64_t last) {
  if (writes.empty()) return;
  for (auto& write : writes) queue_.emplace_back(std::move(write));
  last_ = last;
  sync();
}

void Disk::spend(Expense expense) {
  queue_.emplace_back(expense);
  sync();
}

/// One sync at a time; what comes meanwhile waits for the next.
void Disk::sync() {
  if (busy_ || queue_.empty()) return;
  busy_ = true;
  auto span = seconds(0.001 + 0.008 * random_.unit());
  if (random_.unit() < 0.01) span += seconds(0.3 * random_.unit());
  const auto when = std::max(events_.now() + span, stalled_until_);
  events_.at(when, [this, life = life_, count = queue_.size(), last = last_] {
    if (life != life_) return;
    std::vector<Expense> expenses;
    for (std::size_t i = 0; i < count; ++i, queue_.pop_front()) {
      land(queue_.front());
      if (const auto* expense = std::get_if<Expense>(&queue_.front())) expenses.push_back(*expense);
    }
    busy_ = false;
    if (synced_) synced_(last, expenses);
    sync();
  });
}

money::Picos Disk::unsafe(money::BudgetId budget) const {
  money::Picos sum = 0;
  for (const auto& item : queue_) {
    const auto* expense = std::get_if<Expense>(&item);
    if (expense && expense->budget == budget) sum += expense->cost;
  }
  return sum;
}

}  // namespace troupe::simulation
