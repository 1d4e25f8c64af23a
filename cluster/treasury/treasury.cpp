#include "cluster/treasury/treasury.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "cluster/ledger/ledger.hpp"
#include "cluster/money/bank.hpp"
#include "cluster/money/period.hpp"
#include "cluster/permits/limit.hpp"
#include "cluster/treasury/view.hpp"
#include "core/log.hpp"

namespace troupe::money {
namespace {

constexpr auto kTick = std::chrono::milliseconds(10);
constexpr auto kCalendar = std::chrono::seconds(1);  // how often the date is looked at
constexpr Second kKeep = 40LL * 24 * 3600;           // a period is forgotten so long after its end
using Purses = std::map<std::string, std::shared_ptr<Purse>>;

BankSettings settings_of(const TreasuryOptions& options) {
  BankSettings out;
  out.me = options.node;
  out.voters = {options.node};
  const auto since = options.clock->wall().time_since_epoch();
  out.incarnation =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
  const auto& cluster = options.config->cluster;
  if (!cluster) return out;
  out.me = cluster->node;
  out.voters.clear();
  for (const auto& [name, address] : cluster->voters) out.voters.push_back(name);
  cluster::Timing timing;
  timing.office = cluster->office;
  if (out.voters.size() > 1) out.mute = cluster::abstention(timing);
  return out;
}

class TheTreasury final : public Treasury {
 public:
  explicit TheTreasury(TreasuryOptions options)
      : options_(std::move(options)), config_(options_.config), alone_(!options_.config->cluster) {}
  ~TheTreasury() override { stop(); }

  Result<void> begin();
  policy::Cash cash() override;
  void configure(std::shared_ptr<const config::Config> config) override;
  void connect(std::function<void(const std::string&, const Message&)> send) override;
  void heard(const std::string& from, const Message& message) override;
  void office(bool mine, const std::string& holder) override;
  void close(Duration patience) override;
  nlohmann::json view() const override;
  std::map<std::string, double> used_ratios() const override;

 private:
  void run();
  void landed(const ledger::Landed& landed);
  void tick();
  void look_at_calendar();
  void pass_on(Outbox& out);
  void say_state();
  void stop();
  Time now() const { return options_.clock->now(); }

  const TreasuryOptions options_;
  mutable std::mutex mutex_;  ///< all below but the purses; never held while something waits
  std::condition_variable wake_, changed_;
  std::shared_ptr<const config::Config> config_;
  const bool alone_;
  std::unique_ptr<Bank> bank_;
  std::function<void(const std::string&, const Message&)> send_;
  Office office_;
  std::map<std::string, BudgetId> current_;
  Time calendar_ = cluster::kLongAgo;
  std::string said_;
  bool stopping_ = false;
  std::atomic<bool> hurried_{false};
  std::shared_ptr<const Purses> purses_ = std::make_shared<const Purses>();  ///< by std::atomic_load
  std::thread thread_;
  std::unique_ptr<ledger::Ledger> ledger_;  ///< stops first: it calls back
};

Result<void> TheTreasury::begin() {
  auto opened = ledger::Ledger::open(options_.config->store.path, options_.seed | 1,
                                     [this](const ledger::Landed& what) { landed(what); });
  if (!opened) return tl::unexpected(opened.error());
  const std::lock_guard lock(mutex_);
  ledger_ = std::move(*opened);
  auto settings = settings_of(options_);
  if (alone_) office_ = {true, settings.me};
  bank_ = std::make_unique<Bank>(std::move(settings), ledger_->image(), now());
  look_at_calendar();
  thread_ = std::thread([this] { run(); });
  return {};
}

void TheTreasury::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    tick();
    wake_.wait_for(lock, kTick, [this] { return stopping_ || hurried_.load(); });
  }
}

/// The budgets of today, and the purses of this moment.
void TheTreasury::look_at_calendar() {
  if (now() - calendar_ < kCalendar) return;
  calendar_ = now();
  const auto wall = options_.clock->wall();
  bank_->configure(budgets_at(*config_, wall), now());
  current_ = current_at(*config_, wall);
  auto purses = std::make_shared<Purses>();
  for (const auto& [owner, id] : current_) (*purses)[owner] = bank_->purse(id);
  if (*purses != *std::atomic_load(&purses_))
    std::atomic_store(&purses_, std::shared_ptr<const Purses>(purses));
  bank_->forget(std::chrono::duration_cast<std::chrono::seconds>(wall.time_since_epoch()).count() - kKeep);
}

void TheTreasury::tick() {
  look_at_calendar();
  if (hurried_.exchange(false)) bank_->hurry();
  Outbox out;
  bank_->tick(office_, now(), out);
  pass_on(out);
  say_state();
}

void TheTreasury::pass_on(Outbox& out) {
  for (auto& [to, message] : out)
    if (send_) send_(to, message);
  if (ledger_) ledger_->write(bank_->take_writes(), bank_->last_write());
  changed_.notify_all();
}

void TheTreasury::say_state() {
  const auto state = std::string(state_of(*bank_));
  if (state == said_) return;
  said_ = state;
  if (state == "lost")
    log::error("budgets_lost")
        .text("message",
              "a majority of the voters' stores is new although money was granted: "
              "bring a store back; until then nothing more is granted");
  else if (!state.empty())
    log::info("treasury").text("state", state);
}

void TheTreasury::landed(const ledger::Landed& landed) {
  const std::lock_guard lock(mutex_);
  if (!bank_) return;
  for (const auto& [budget, sum] : landed.settled) bank_->settled(budget, sum);
  Outbox out;
  bank_->synced(landed.last, now(), out);
  pass_on(out);
}

policy::Cash TheTreasury::cash() {
  policy::Cash out;
  out.purse = [this](const std::string& tenant) -> std::shared_ptr<Purse> {
    const auto purses = std::atomic_load(&purses_);
    const auto found = purses->find(tenant);
    return found == purses->end() ? nullptr : found->second;
  };
  out.book = [this](const std::shared_ptr<Purse>& purse, const policy::Expense& expense) {
    const auto until = std::chrono::duration_cast<std::chrono::seconds>(purse->until().time_since_epoch());
    ledger_->spend({purse->id(), until.count(), expense});
  };
  out.hurry = [this] {
    if (!hurried_.exchange(true)) wake_.notify_one();
  };
  return out;
}

void TheTreasury::configure(std::shared_ptr<const config::Config> config) {
  const std::lock_guard lock(mutex_);
  config_ = std::move(config);
  calendar_ = cluster::kLongAgo;
  look_at_calendar();
}

void TheTreasury::connect(std::function<void(const std::string&, const Message&)> send) {
  const std::lock_guard lock(mutex_);
  send_ = std::move(send);
}

void TheTreasury::heard(const std::string& from, const Message& message) {
  const std::lock_guard lock(mutex_);
  Outbox out;
  bank_->hear(from, message, now(), out);
  pass_on(out);
}

void TheTreasury::office(bool mine, const std::string& holder) {
  const std::lock_guard lock(mutex_);
  office_ = {mine, holder};
}

/// First what calls have cost, then the block: so that mark and books agree.
void TheTreasury::close(Duration patience) {
  ledger_->flush();
  std::unique_lock lock(mutex_);
  bank_->close();
  tick();
  changed_.wait_for(lock, patience, [this] { return bank_->quiet(); });
}

nlohmann::json TheTreasury::view() const {
  const auto trouble = ledger_->trouble();
  const std::lock_guard lock(mutex_);
  auto out = budgets_json(*bank_, *config_, office_, current_);
  if (trouble) out["trouble"] = *trouble;
  return out;
}

std::map<std::string, double> TheTreasury::used_ratios() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, double> out;
  for (const auto& account : bank_->cashier().accounts()) {
    const auto current = current_.find(account.budget.owner);
    if (current != current_.end() && current->second == account.budget.id)
      out[account.budget.owner] = used_ratio(account);
  }
  return out;
}

void TheTreasury::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    send_ = nullptr;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  ledger_.reset();
}

}  // namespace

Result<std::unique_ptr<Treasury>> Treasury::start(TreasuryOptions options) {
  auto treasury = std::make_unique<TheTreasury>(std::move(options));
  if (auto begun = treasury->begin(); !begun) return tl::unexpected(begun.error());
  return treasury;
}

}  // namespace troupe::money
