#include "cluster/ledger/ledger.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/log.hpp"

namespace troupe::ledger {
namespace {

constexpr auto kRetry = std::chrono::seconds(1);
constexpr std::size_t kMostEntries = 100'000;  // beyond these a disk that refuses gets sums, not single calls
constexpr std::size_t kPerCommit = 5'000;      // entries
constexpr auto kGather = std::chrono::milliseconds(10);  // calls that come meanwhile are one transaction

bool same_budgets(const Entry& a, const Entry& b) {
  return std::equal(a.charges.begin(), a.charges.end(), b.charges.begin(), b.charges.end(),
                    [](const auto& one, const auto& other) { return one.budget == other.budget; });
}

/// A disk that refuses for long: what was spent is kept, not who called whom.
void merge(Entry from, Entry& to) {
  auto& sum = to.expense;
  sum.input += from.expense.input;
  sum.output += from.expense.output;
  if (sum.cost && from.expense.cost)
    *sum.cost += *from.expense.cost;
  else
    sum.cost = std::nullopt;
  sum.provider = sum.model = "merged";
  for (std::size_t i = 0; i < to.charges.size(); ++i) to.charges[i].cost += from.charges[i].cost;
}

class TheLedger final : public Ledger {
 public:
  TheLedger(std::unique_ptr<Store> store, std::function<void(const Landed&)> landed)
      : store_(std::move(store)), image_(store_->load()), landed_(std::move(landed)) {
    costs_.add(store_->costs());
    thread_ = std::thread([this] { run(); });
  }
  ~TheLedger() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  const money::Image& image() const override { return image_; }
  void write(std::vector<money::Write> writes, std::uint64_t last) override;
  void spend(Entry entry) override;
  bool flush() override;
  std::optional<std::string> trouble() const override {
    const std::lock_guard lock(mutex_);
    return trouble_;
  }
  void costs(const std::function<void(const CostBook&)>& look) const override {
    const std::lock_guard lock(books_);
    look(costs_);
  }

 private:
  void run();
  Batch take();
  /// Under the lock: somebody waits for the disk.
  bool urgent() const { return stopping_ || flushing_ > 0 || !waiting_.writes.empty(); }
  bool commit(Batch& batch, std::uint64_t last);
  void put_back(Batch batch);
  void sum_up(Batch& batch);
  void note(const Batch& batch);

  std::unique_ptr<Store> store_;
  const money::Image image_;
  const std::function<void(const Landed&)> landed_;
  mutable std::mutex mutex_;
  std::condition_variable wake_, done_;
  Batch waiting_;
  int flushing_ = 0;  ///< calls of flush() that wait
  std::uint64_t last_ = 0;
  std::uint64_t given_ = 0, safe_ = 0;  ///< calls of write() and spend(): made, and on disk
  std::optional<std::string> trouble_;
  bool stopping_ = false;
  mutable std::mutex books_;  ///< for writing, and for others' reading: the ledger's thread alone writes
  CostBook costs_;            ///< of what is on disk
  std::int64_t day_ = 0;      ///< the ledger's thread's
  std::thread thread_;
};

void TheLedger::write(std::vector<money::Write> writes, std::uint64_t last) {
  if (writes.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    for (auto& one : writes) waiting_.writes.push_back(std::move(one));
    last_ = last;
    ++given_;
  }
  wake_.notify_one();
}

void TheLedger::spend(Entry entry) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    ++given_;
    auto& entries = waiting_.entries;
    first = entries.empty();
    if (entries.size() < kMostEntries || !same_budgets(entries.back(), entry)) {
      entries.push_back(std::move(entry));
    } else {
      merge(std::move(entry), entries.back());
    }
  }
  if (first) wake_.notify_one();
}

Batch TheLedger::take() {
  Batch batch;
  batch.writes = std::exchange(waiting_.writes, {});
  auto& entries = waiting_.entries;
  if (entries.size() <= kPerCommit) {
    batch.entries = std::exchange(entries, {});
    return batch;
  }
  const auto count = static_cast<std::ptrdiff_t>(kPerCommit);
  batch.entries.assign(std::make_move_iterator(entries.begin()),
                       std::make_move_iterator(entries.begin() + count));
  entries.erase(entries.begin(), entries.begin() + count);
  return batch;
}

void TheLedger::sum_up(Batch& batch) {
  std::vector<const policy::Expense*> expenses;
  std::int64_t newest = 0;
  for (const auto& entry : batch.entries) {
    expenses.push_back(&entry.expense);
    newest = std::max(newest, day_number(entry.expense.at));
  }
  batch.costs = costs_.of(expenses);
  if (newest > day_) batch.forget_before = newest - CostBook::kDays;
}

void TheLedger::put_back(Batch batch) {
  for (auto& one : waiting_.writes) batch.writes.push_back(std::move(one));
  for (auto& one : waiting_.entries) batch.entries.push_back(std::move(one));
  batch.costs.clear();
  batch.forget_before = 0;
  waiting_ = std::move(batch);
}

/// What has reached the disk.
void TheLedger::note(const Batch& batch) {
  const std::lock_guard lock(books_);
  costs_.add(batch.costs);
  if (batch.forget_before == 0) return;
  costs_.forget_before(batch.forget_before);
  day_ = batch.forget_before + CostBook::kDays;
}

bool TheLedger::commit(Batch& batch, std::uint64_t last) {
  sum_up(batch);
  auto sums = store_->commit(batch);
  if (sums) note(batch);
  const std::string said = sums ? "" : sums.error().message;
  {
    const std::lock_guard lock(mutex_);
    if (sums && trouble_) log::info("ledger_writes_again");
    if (!sums && trouble_ != said) log::error("ledger").text("message", said);
    trouble_ = sums ? std::nullopt : std::optional(said);
    if (!sums) put_back(std::move(batch));
  }
  if (sums && landed_) landed_({last, std::move(*sums)});
  return sums.has_value();
}

void TheLedger::run() {
  std::unique_lock lock(mutex_);
  auto next = real_clock().now();
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    wake_.wait_for(lock, next - real_clock().now(), [this] { return urgent(); });
    if (waiting_.empty()) return;
    const auto given = given_, last = last_;
    auto batch = take();
    next = real_clock().now() + kGather;
    const bool all = waiting_.entries.empty();
    lock.unlock();
    const bool landed = commit(batch, last);
    lock.lock();
    if (landed && all) safe_ = given;
    done_.notify_all();
    if (landed) continue;
    if (stopping_) return;
    wake_.wait_for(lock, kRetry, [this] { return stopping_; });
  }
}

bool TheLedger::flush() {
  std::unique_lock lock(mutex_);
  const auto given = given_;
  ++flushing_;
  wake_.notify_one();
  done_.wait(lock, [&] { return safe_ >= given || trouble_; });
  --flushing_;
  return safe_ >= given;
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::open(const std::filesystem::path& dir, money::LedgerId fresh,
                                             std::function<void(const Landed&)> landed) {
  auto store = Store::open(dir, fresh);
  if (!store) return tl::unexpected(store.error());
  return std::make_unique<TheLedger>(std::move(*store), std::move(landed));
}

}  // namespace troupe::ledger
