#include "cluster/treasury/treasury.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "cluster/ledger/ledger.hpp"
#include "cluster/money/bank.hpp"
#include "cluster/money/period.hpp"
#include "cluster/permits/limit.hpp"
#include "cluster/treasury/purses.hpp"
#include "cluster/treasury/view.hpp"
#include "core/log.hpp"

namespace troupe::money {
namespace {

constexpr auto kTick = std::chrono::milliseconds(10);
constexpr auto kCalendar = std::chrono::seconds(1);  // how often the date is looked at
constexpr auto kUnused = std::chrono::minutes(10);  // one of many that nobody asks for gives back what it has
constexpr std::size_t kMostOpened = 10'000;
constexpr Second kKeep = 40LL * 24 * 3600;  // a period is forgotten so long after its end

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
      : options_(std::move(options)), funds_(*options_.config), alone_(!options_.config->cluster) {}
  ~TheTreasury() override { stop(); }

  Result<void> begin();
  policy::Cash cash() override;
  void configure(std::shared_ptr<const config::Config> config) override;
  void connect(std::function<void(const std::string&, const Message&)> send) override;
  void heard(const std::string& from, const Message& message) override;
  void office(bool mine, const std::string& holder) override;
  void close(Duration patience) override;
  void on_reached(std::function<void(const Reached&)> tell) override;
  void told(const Alarm& alarm) override;
  nlohmann::json view() const override;
  nlohmann::json costs(const CostAsk& ask) const override;
  std::map<std::string, double> used_ratios() const override;

 private:
  void run();
  void landed(const ledger::Landed& landed);
  void tick();
  void look_at_calendar();
  void open_asked();
  void tell_reached();
  std::vector<config::SharedFund> funds_now() const;
  bool ask_open(const std::string& owner);
  void pass_on(Outbox& out);
  void say_state();
  void stop();
  Time now() const { return options_.clock->now(); }

  const TreasuryOptions options_;
  mutable std::mutex mutex_;  ///< all below but the purses; never held while something waits
  std::condition_variable wake_, changed_;
  config::Funds funds_;
  std::map<std::string, Time> opened_;  ///< owners of many, and when somebody last asked for them
  std::function<void(const Reached&)> tell_;
  const bool alone_;
  std::unique_ptr<Bank> bank_;
  std::function<void(const std::string&, const Message&)> send_;
  Office office_;
  std::map<std::string, BudgetId> current_;
  Time calendar_ = cluster::kLongAgo;                     ///< when the date was looked at
  std::chrono::sys_time<std::chrono::minutes> minute_{};  ///< of the budgets that are in force
  bool changed_budgets_ = true;
  std::string said_;
  bool stopping_ = false;
  std::atomic<bool> hurried_{false};
  std::mutex asking_;            ///< below; held for a moment
  std::set<std::string> asked_;  ///< owners that have no purse yet
  Purses purses_;
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

std::vector<config::SharedFund> TheTreasury::funds_now() const {
  auto out = funds_.fixed();
  for (const auto& [owner, since] : opened_)
    if (auto fund = funds_.find(owner)) out.push_back(std::move(fund));
  return out;
}

/// The budgets of today, and the purses of this moment.
void TheTreasury::look_at_calendar() {
  if (!changed_budgets_ && now() - calendar_ < kCalendar) return;
  calendar_ = now();
  const auto wall = options_.clock->wall();
  const auto minute = std::chrono::floor<std::chrono::minutes>(wall);
  if (!changed_budgets_ && minute == minute_) return;  // periods and slots begin with one
  minute_ = minute;
  changed_budgets_ = false;
  std::erase_if(opened_, [&](const auto& one) { return now() - one.second > kUnused; });
  const auto budgets = budgets_at(funds_now(), wall);
  bank_->configure(budgets, now());
  current_ = current_of(budgets);
  Purses::Map purses;
  for (const auto& [owner, id] : current_) {
    auto& purse = purses[owner] = bank_->purse(id);
    const auto opened = opened_.find(owner);
    if (opened != opened_.end() && (purse->reserved() != 0 || purse->take_used())) opened->second = now();
  }
  purses_.replace(purses);
  bank_->forget(std::chrono::duration_cast<std::chrono::seconds>(wall.time_since_epoch()).count() - kKeep);
}

/// One of many, whose request waits; or one that another node names to the treasurer here.
void TheTreasury::open_asked() {
  std::set<std::string> owners;
  {
    const std::lock_guard lock(asking_);
    owners = std::exchange(asked_, {});
  }
  owners.merge(bank_->take_strangers());
  std::vector<config::SharedFund> fresh;
  for (const auto& owner : owners) {
    auto fund = owner.find('=') == owner.npos ? nullptr : funds_.find(owner);
    if (opened_.size() >= kMostOpened || !fund) continue;
    if (opened_.insert_or_assign(owner, now()).second) fresh.push_back(std::move(fund));
  }
  if (fresh.empty()) return;
  const auto budgets = budgets_at(fresh, options_.clock->wall());
  bank_->add(budgets, now());
  for (const auto& [owner, id] : current_of(budgets)) {
    current_[owner] = id;
    purses_.put(owner, bank_->purse(id));
  }
}

bool TheTreasury::ask_open(const std::string& owner) {
  {
    const std::lock_guard lock(asking_);
    if (asked_.size() >= kMostOpened) return false;
    asked_.insert(owner);
  }
  if (!hurried_.exchange(true)) wake_.notify_one();
  return true;
}

void TheTreasury::tell_reached() {
  if (!tell_) return;
  for (auto& alarm : bank_->take_alarms(now()))
    if (auto fund = funds_.find(alarm.budget.owner)) tell_({std::move(alarm), *fund});
}

void TheTreasury::tick() {
  open_asked();
  look_at_calendar();
  if (hurried_.exchange(false)) bank_->hurry();
  Outbox out;
  bank_->tick(office_, now(), out);
  pass_on(out);
  say_state();
  tell_reached();
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
  out.purse = [this](const std::string& owner) -> std::shared_ptr<Purse> { return purses_.find(owner); };
  out.open = [this](const std::string& owner) { return ask_open(owner); };
  out.book = [this](const policy::Expense& expense, std::vector<policy::Charge> charges) {
    ledger_->spend({expense, std::move(charges)});
  };
  out.hurry = [this] {
    if (!hurried_.exchange(true)) wake_.notify_one();
  };
  return out;
}

void TheTreasury::configure(std::shared_ptr<const config::Config> config) {
  const std::lock_guard lock(mutex_);
  funds_ = config::Funds(*config);
  changed_budgets_ = true;
  look_at_calendar();
}

void TheTreasury::on_reached(std::function<void(const Reached&)> tell) {
  const std::lock_guard lock(mutex_);
  tell_ = std::move(tell);
}

void TheTreasury::told(const Alarm& alarm) {
  const std::lock_guard lock(mutex_);
  bank_->told(alarm.budget.id, alarm.share);
}

nlohmann::json TheTreasury::costs(const CostAsk& ask) const {
  nlohmann::json out;
  ledger_->costs([&](const ledger::CostBook& book) { out = costs_json(book, ask.by, ask.from, ask.until); });
  return out;
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
  auto out = budgets_json(*bank_, funds_now(), office_, current_);
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
