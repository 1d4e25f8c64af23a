#include "tests/simulation/money/world.hpp"

#include <cmath>

namespace troupe::simulation {
namespace {

using money::Picos;
constexpr double kTick = 0.02, kMute = 2.5, kPatience = 1.0;
constexpr Picos kCall = 10'000'000'000;  // a cent
constexpr double kCallsPerSecond = 20;   // of all nodes, for one budget
constexpr money::BudgetId kFirstSlot = 3, kSecondSlot = 4;
constexpr std::size_t kSold = 3;  // books that calls arrive for

}  // namespace

MoneyWorld::MoneyWorld(const MoneySettings& settings)
    : settings_(settings),
      random_(settings.seed),
      network_(events_, settings.alike ? NetworkSettings{0.0002, 0.001, 0, 0, 0, 0} : NetworkSettings{},
               settings.seed * 7 + 1) {
  for (int i = 0; i < settings.nodes; ++i) {
    auto node = std::make_unique<Node>();
    node->name = "n" + std::to_string(i);
    node->number = i;
    node->disk = std::make_unique<Disk>(events_, random_.next());
    if (i < settings.voters) voters_.push_back(node->name);
    nodes_.push_back(std::move(node));
  }
  for (std::size_t i = 0; i < 2; ++i) {
    Book book;
    book.typical = i == 0 ? kCall : 40 * kCall;  // small calls, and few large ones
    const double rate = i == 0 ? kCallsPerSecond : kCallsPerSecond / 10;
    book.budget = {i + 1, "t" + std::to_string(i), 0, 0, 1'000'000};
    book.budget.cap =
        static_cast<Picos>(settings.factor * settings.span * rate * 0.6 * static_cast<double>(book.typical));
    book.budget.alerts = {2500, 5000, 8000, 9500};
    books_.push_back(book);
  }
  for (auto& node : nodes_) node->skew = random_.unit() - 0.5;  // clocks differ by less than slots overlap
  for (const std::uint64_t id : {3, 4}) {  // two slots of a rolling budget, one after the other
    Book book = books_[0];
    book.budget.id = id;
    book.budget.owner = "r";
    book.budget.group = 9;
    book.budget.alerts.clear();
    books_.push_back(book);
  }
}

void MoneyWorld::broken(const std::string& what) {
  if (outcome_.broken.size() < 8)
    outcome_.broken.push_back(what + " at " + std::to_string(in_seconds(events_.now().time_since_epoch())));
}

void MoneyWorld::start(Node& node) {
  if (node.bank) return;
  ++node.incarnation;
  node.bank =
      std::make_unique<money::Bank>(money::BankSettings{node.name, node.incarnation, voters_, seconds(kMute)},
                                    node.disk->image(), events_.now());
  node.bank->configure(budgets_of(node), events_.now());
  node.disk->on_synced([this, &node](std::uint64_t last, const std::vector<Expense>& expenses) {
    for (const auto& expense : expenses)
      node.bank->settled(expense.budget, node.disk->image().blocks.at(expense.budget).settled);
    money::Outbox out;
    node.bank->synced(last, events_.now(), out);
    send(node, out);
    flush(node);
  });
  flush(node);
  check_marks(node);
}

/// The rolling budget's slots meet in the middle; around that both have money, as clocks differ.
std::vector<money::Budget> MoneyWorld::budgets_of(const Node& node) const {
  const double now = in_seconds(events_.now().time_since_epoch()) + node.skew, middle = settings_.span / 2;
  std::vector<money::Budget> out;
  for (const auto& book : books_) {
    auto budget = book.budget;
    if (budget.id == kSecondSlot && now < middle - 1) continue;
    budget.past = budget.id == kFirstSlot && now >= middle + 1;
    out.push_back(budget);
  }
  return out;
}

void MoneyWorld::turn(Node& node) {
  events_.after(seconds(0.5), [this, &node] { turn(node); });
  if (node.bank && events_.now() >= node.paused_until) node.bank->configure(budgets_of(node), events_.now());
}

/// In which slot a call of that book pays.
std::size_t MoneyWorld::current(const Node& node, std::size_t book) const {
  if (book + 1 != kFirstSlot) return book;
  const double now = in_seconds(events_.now().time_since_epoch()) + node.skew;
  const bool second = now >= settings_.span / 2 && node.bank->purse(kSecondSlot);
  return second ? book + 1 : book;
}

bool MoneyWorld::together(const Book& book, const Book& other) const {
  return book.budget.id == other.budget.id ||
         (book.budget.group != 0 && book.budget.group == other.budget.group);
}

void MoneyWorld::stop(Node& node) {
  node.bank.reset();
  node.in_office = false;
  node.disk->cut();
}

money::Office MoneyWorld::office_of(const Node& node) const {
  if (node.in_office) return {true, node.name};
  for (const auto& other : nodes_)
    if (other->in_office && !network_.blocked(node.number, other->number)) return {false, other->name};
  return {};
}

void MoneyWorld::flush(Node& node) {
  if (!node.bank) return;
  node.disk->write(node.bank->take_writes(), node.bank->last_write());
  check_effective(node);
}

void MoneyWorld::send(Node& node, money::Outbox& out) {
  for (auto& [to, message] : out) {
    const int number = std::stoi(to.substr(1));
    const auto shared = std::make_shared<const money::Message>(std::move(message));
    network_.send(node.number, number, 100,
                  [this, from = node.number, number, shared] { deliver(from, number, shared); });
  }
}

void MoneyWorld::deliver(int from, int to, const std::shared_ptr<const money::Message>& message) {
  auto& node = *nodes_[static_cast<std::size_t>(to)];
  if (!node.bank) return;
  if (events_.now() < node.paused_until)
    return events_.at(node.paused_until, [=, this] { deliver(from, to, message); });
  money::Outbox out;
  node.bank->hear(nodes_[static_cast<std::size_t>(from)]->name, *message, events_.now(), out);
  send(node, out);
  flush(node);
}

void MoneyWorld::tick(Node& node) {
  events_.after(seconds(kTick), [this, &node] { tick(node); });
  if (!node.bank || events_.now() < node.paused_until) return;
  const bool before = node.bank->treasurer() != nullptr;
  money::Outbox out;
  node.bank->tick(office_of(node), events_.now(), out);
  outcome_.treasurers += !before && node.bank->treasurer();
  send(node, out);
  flush(node);
  tell(node);
}

/// A webhook far away: it hears, and its answer comes after some time, if who told it is still there.
void MoneyWorld::tell(Node& node) {
  for (const auto& alarm : node.bank->take_alarms(events_.now())) {
    auto& book = books_[alarm.budget.id - 1];
    if (static_cast<double>(alarm.used) * 10'000 <
        static_cast<double>(alarm.share) * static_cast<double>(book.budget.cap))
      broken("an alert before its share was reached");
    events_.after(seconds(0.05 + random_.unit()), [this, &node, &book, alarm, since = node.incarnation] {
      if (++book.told[alarm.share] > 1) ++outcome_.repeats;
      events_.after(seconds(0.05 + random_.unit() / 2), [this, &node, alarm, since] {
        if (node.bank && node.incarnation == since) node.bank->told(alarm.budget.id, alarm.share);
      });
    });
  }
}

double MoneyWorld::rate_of(int node) const {
  const auto others = static_cast<double>(settings_.nodes);
  return settings_.nodes == 1 ? 1 : node == hot_ ? 0.6 : 0.4 / (others - 1);
}

void MoneyWorld::arrive(int number, std::size_t index, double rate) {
  const double gap = -std::log(1 - random_.unit()) / std::max(1e-3, rate * rate_of(number));
  events_.after(seconds(gap), [=, this] { arrive(number, index, rate); });
  auto& node = *nodes_[static_cast<std::size_t>(number)];
  if (!selling_ || !node.bank || events_.now() < node.paused_until) return;
  Call call;
  call.node = number;
  call.book = index;
  const auto typical = static_cast<double>(books_[index].typical);
  call.estimate = static_cast<Picos>(typical * (0.5 + random_.unit()));
  if (settings_.alike) call.estimate = books_[index].typical;
  call.cost = static_cast<Picos>(static_cast<double>(call.estimate) * (0.2 + 0.8 * random_.unit()));
  if (settings_.cost > 0)
    call.cost = static_cast<Picos>(settings_.cost * static_cast<double>(call.estimate));
  else if (quiet_)
    call.cost = call.estimate;
  if (random_.unit() < settings_.overshoot) call.cost = call.estimate + call.estimate / 2;
  call.since = events_.now();
  call.incarnation = node.incarnation;
  call.holder = holder(node);
  attempt(call);
}

double MoneyWorld::lasts() {
  return 0.05 + (settings_.alike ? 0 : random_.unit() * (random_.unit() < 0.1 ? 5 : 0.5));
}

void MoneyWorld::attempt(Call call) {
  auto& node = *nodes_[static_cast<std::size_t>(call.node)];
  if (!node.bank || node.incarnation != call.incarnation) return;
  const auto now = events_.now();
  if (now < node.paused_until) return events_.at(node.paused_until, [=, this] { attempt(call); });
  call.book = current(node, call.book);
  const auto purse = node.bank->purse(books_[call.book].budget.id);
  switch (purse->take(call.estimate)) {
    case money::Purse::Taken::yes:
      ++outcome_.calls;
      if (now > Time(seconds(5)))  // not the first election
        outcome_.longest_wait = std::max(outcome_.longest_wait, in_seconds(now - call.since));
      return events_.after(seconds(lasts()), [=, this] { finish(call); });
    case money::Purse::Taken::exhausted:
      ++outcome_.refused;
      return;
    case money::Purse::Taken::wait:
      break;
  }
  if (now - call.since > seconds(kPatience)) {
    ++outcome_.refused;
    return;
  }
  node.bank->hurry();
  events_.after(seconds(0.02), [=, this] { attempt(call); });
}

void MoneyWorld::bill(const Call& call) {
  auto& book = books_[call.book];
  const auto over = std::max<Picos>(0, call.cost - call.estimate);
  book.billed += call.cost;
  book.over += over;
  note_end(book, call);
  book.by[call.holder] += call.cost;
  book.over_by[call.holder] += over;
  Picos billed = 0, allowed = book.budget.cap;
  for (const auto& other : books_) {
    if (!together(book, other)) continue;
    billed += other.billed;
    allowed += other.over;
  }
  if (billed > allowed) broken("OVER the budget " + book.budget.owner);
}

/// `call` is billed already.
void MoneyWorld::note_end(Book& book, const Call& call) {
  const auto left = book.budget.cap - book.billed;
  if (!book.late && left < book.budget.cap / 20) book.late = events_.now();
  const bool just_now = left + call.cost > book.typical * 3 / 2 && left <= book.typical * 3 / 2;
  if (call.book == 0 && book.late && just_now) outcome_.tail = in_seconds(events_.now() - *book.late);
}

/// The provider bills what it has done, most often also for a node that died meanwhile.
void MoneyWorld::finish(const Call& call) {
  auto& node = *nodes_[static_cast<std::size_t>(call.node)];
  if (node.bank && node.incarnation == call.incarnation && events_.now() < node.paused_until)
    return events_.at(node.paused_until, [=, this] { finish(call); });
  const bool alive = node.bank && node.incarnation == call.incarnation;
  if (alive || random_.unit() < 0.7) bill(call);
  if (!alive) return;
  const auto id = books_[call.book].budget.id;
  node.disk->spend({id, call.cost});
  node.bank->purse(id)->settle(call.estimate, call.cost);
}

/// I1 of what nodes hold with effect: told to them, and not given back on their disks.
void MoneyWorld::check_effective(Node& node) {
  if (!node.bank) return;
  const auto me = holder(node);
  for (const auto& account : node.bank->cashier().accounts()) {
    auto& book = books_[account.budget.id - 1];
    book.held[me] =
        std::max(account.granted, account.block.mark + account.block.released) - account.block.released;
    Picos sum = 0, over = 0;
    for (const auto& other : books_) {
      if (!together(book, other)) continue;
      for (const auto& [who, held] : other.held) sum += held;
      over += other.over;
    }
    if (sum > book.budget.cap + over) broken("more is held than the budget " + book.budget.owner);
  }
}

/// Nothing spent is forgotten: the disk of a node that starts says at least what was billed through it.
void MoneyWorld::check_marks(const Node& node) {
  for (const auto& account : node.bank->cashier().accounts()) {
    const auto& book = books_[account.budget.id - 1];
    const auto by = book.by.find(holder(node));
    if (by == book.by.end()) continue;
    const auto over = book.over_by.at(by->first);
    if (account.block.mark < by->second - over) broken(node.name + " forgot what it spent");
    if (account.block.settled > by->second) broken(node.name + " has more on its books than was billed");
  }
}

/// Every share that was reached was told, and is in the record as told; no other was. Told twice is only what
/// was heard while its teller died or was cut off before others knew.
void MoneyWorld::check_alerts(Book& book, const money::Treasurer& treasurer) {
  const auto& found = treasurer.books().at(book.budget.id);
  const auto share = static_cast<double>(found.used()) / static_cast<double>(book.budget.cap) * 10'000;
  for (const auto at : book.budget.alerts) {
    const bool reached = share >= static_cast<double>(at);
    const int told = book.told.count(at) ? book.told[at] : 0;
    if (reached && told == 0) broken("a share of " + book.budget.owner + " was reached and nobody was told");
    if (!reached && told > 0) broken("a share of " + book.budget.owner + " was told and not reached");
    if (reached && found.record().told < at)
      broken("a share of " + book.budget.owner + " is not noted as told");
    outcome_.alerts += told > 0;
  }
  if (outcome_.faults == 0 && outcome_.repeats > 0) broken("an alert was told twice for no reason");
}

void MoneyWorld::check_end() {
  Picos caps = 0, could = 0, billed = 0, doubt = 0, lost = 0, rolling = 0;
  for (auto& book : books_) {
    const money::Treasurer* treasurer = nullptr;
    for (const auto& node : nodes_)
      if (node->in_office && node->bank && node->bank->treasurer()) treasurer = node->bank->treasurer();
    if (treasurer && book.budget.group != 0 && !treasurer->books().count(book.budget.id)) continue;
    if (!treasurer || !treasurer->books().count(book.budget.id)) return broken("nobody keeps the books");
    Picos explained = 0, in_doubt = 0, gone = 0;
    for (const auto& [who, share] : treasurer->books().at(book.budget.id).record().shares) {
      const auto& node = *nodes_[static_cast<std::size_t>(std::stoi(who.node.substr(1)))];
      const bool here = holder(node) == who;
      const auto by = book.by.count(who) ? book.by[who] : 0;
      const auto over = book.over_by.count(who) ? book.over_by[who] : 0;
      if (here && share.spent + share.doubt < by - over) broken(who.node + "'s books miss something");
      if (!here && share.held() < by - over) broken(who.node + "'s lost disk takes money with it");
      if (here && node.incarnation == 1 && (share.spent != by || share.doubt != 0))
        broken(who.node + " never stopped and its books differ from the bill");
      explained += here ? share.spent + share.doubt : share.held();
      (here ? in_doubt : gone) += here ? share.doubt : share.held() - by;
    }
    if (book.budget.group != 0) {
      rolling += explained;
      continue;
    }
    check_alerts(book, *treasurer);
    if (book.budget.cap - explained > book.typical * 3 / 2)
      broken("money of " + book.budget.owner + " is stuck");
    caps += book.budget.cap;
    could += book.budget.cap - in_doubt - gone;
    billed += book.billed - book.over;
    doubt += in_doubt;
    lost += gone;
  }
  if (books_.back().budget.cap - rolling > books_.back().typical * 3 / 2)
    broken("money of the rolling budget is stuck");
  outcome_.used = static_cast<double>(billed) / static_cast<double>(std::max<Picos>(1, could));
  outcome_.billed = static_cast<double>(billed) / static_cast<double>(caps);
  outcome_.in_doubt = static_cast<double>(doubt) / static_cast<double>(caps);
  outcome_.lost = static_cast<double>(lost) / static_cast<double>(caps);
}

MoneyOutcome MoneyWorld::run() {
  for (auto& node : nodes_) {
    start(*node);
    tick(*node);
    turn(*node);
    for (std::size_t i = 0; i < kSold; ++i)
      arrive(node->number, i, settings_.demand * (i != 1 ? kCallsPerSecond : kCallsPerSecond / 10));
  }
  plan_faults();
  const Time end = Time(seconds(settings_.span));
  events_.run(end);
  heal();
  events_.run(end + seconds(10));
  // Everybody is well: the rest of every budget must find whoever wants it.
  quiet_ = true;
  for (auto& node : nodes_)
    for (std::size_t i = 0; i < kSold; ++i) arrive(node->number, i, 10 * kCallsPerSecond);
  events_.run(end + seconds(10 + settings_.span));
  selling_ = false;
  events_.run(end + seconds(20 + settings_.span));
  check_end();
  outcome_.messages = network_.messages();
  return outcome_;
}

MoneyOutcome run_money(const MoneySettings& settings) {
  return MoneyWorld(settings).run();
}

}  // namespace troupe::simulation
