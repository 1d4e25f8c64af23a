#pragma once
// A disk that keeps what was synced, and of the rest what chance leaves: always the earlier part.
#include <deque>
#include <functional>
#include <variant>

#include "cluster/money/record.hpp"
#include "core/random.hpp"
#include "tests/simulation/events.hpp"

namespace troupe::simulation {

struct Expense {
  money::BudgetId budget = 0;
  money::Picos cost = 0;
};

class Disk {
 public:
  Disk(Events& events, std::uint64_t seed) : events_(events), random_(seed) { lose(); }

  /// Another disk: a new ledger that knows nothing.
  void lose();
  /// The machine stopped: what was under way is there in part, and nobody is told.
  void cut();
  void write(std::vector<money::Write> writes, std::uint64_t last);
  void spend(Expense expense);
  /// Called when everything until a number is safe; stays until cut().
  void on_synced(std::function<void(std::uint64_t last, const std::vector<Expense>&)> call) {
    synced_ = std::move(call);
  }
  /// Slow for so long, from now on.
  void stall(Duration span) { stalled_until_ = events_.now() + span; }

  const money::Image& image() const { return image_; }
  /// Of expenses that are not safe yet.
  money::Picos unsafe(money::BudgetId budget) const;

 private:
  using Item = std::variant<money::Write, Expense>;
  void sync();
  void land(const Item& item);

  Events& events_;
  Random random_;
  money::Image image_;
  std::deque<Item> queue_;
  std::uint64_t last_ = 0, life_ = 0;
  bool busy_ = false;
  Time stalled_until_{};
  std::function<void(std::uint64_t, const std::vector<Expense>&)> synced_;
};

}  // namespace troupe::simulation
