#include "cluster/money/treasurer.hpp"

namespace troupe::money {
namespace {

constexpr Duration kResend = std::chrono::milliseconds(150);
constexpr Duration kAskAgain =
    std::chrono::seconds(1);  // a voter that is behind: it may have another disk now
constexpr Duration kConfirm = std::chrono::milliseconds(20);
constexpr Duration kLook = std::chrono::milliseconds(50);  // at what a voter has not confirmed
constexpr Duration kListen = std::chrono::seconds(3);
constexpr Duration kTellAgain = std::chrono::minutes(5);  // whoever tells it tries for less
constexpr std::size_t kStrangers = 10'000;
constexpr std::size_t kPerStore = 256;  // records in one message, but for the first one to a disk

}  // namespace

Treasurer::Treasurer(Epoch epoch, const std::vector<NodeName>& voters, std::vector<Budget> budgets)
    : epoch_(std::move(epoch)), budgets_(std::move(budgets)) {
  for (const auto& voter : voters) voters_.try_emplace(voter);
}

void Treasurer::name(const Budget& budget) {
  owners_.insert(budget.owner);
  if (budget.group != 0) {
    group_of_[budget.id] = budget.group;
    groups_[budget.group].insert(budget.id);
  }
  if (budget.past) return;  // nothing was spent in it, or there is a book
  Record fresh;
  fresh.id = budget.id;
  books_.try_emplace(budget.id, Book(std::move(fresh), epoch_));
}

void Treasurer::configure(std::vector<Budget> budgets, Time now) {
  budgets_ = std::move(budgets);
  if (state_ < State::founding) return;
  std::map<BudgetId, const Budget*> named;
  group_of_.clear();
  groups_.clear();
  owners_.clear();
  for (const auto& budget : budgets_) {
    named[budget.id] = &budget;
    name(budget);
  }
  for (auto& [id, book] : books_) {
    look_beside(id);
    const auto found = named.find(id);
    book.configure(found == named.end() ? std::nullopt : std::optional(*found->second), now);
    busy_.insert(id);
  }
}

void Treasurer::add(const std::vector<Budget>& budgets, Time now) {
  budgets_.insert(budgets_.end(), budgets.begin(), budgets.end());
  if (state_ < State::founding) return;
  for (const auto& budget : budgets) name(budget);
  for (const auto& budget : budgets) {
    const auto book = books_.find(budget.id);
    if (book == books_.end()) continue;
    look_beside(budget.id);
    book->second.configure(budget, now);
    busy_.insert(budget.id);
  }
}

/// The slots of a rolling budget share one cap.
void Treasurer::look_beside(BudgetId budget) {
  const auto group = group_of_.find(budget);
  if (group == group_of_.end()) return;
  Picos held = 0;
  for (const auto id : groups_[group->second]) {
    const auto book = books_.find(id);
    if (id != budget && book != books_.end()) held += book->second.record().held();
  }
  books_.at(budget).beside(held);
}

std::vector<Alarm> Treasurer::take_alarms(Time now) {
  std::vector<Alarm> out;
  if (state_ != State::open) return out;
  opened_ = std::min(opened_, now);
  if (now - opened_ < kListen) return out;
  for (auto ringing = ringing_.begin(); ringing != ringing_.end();) {
    auto alarms = books_.at(*ringing).due();
    for (auto& alarm : alarms) {
      const auto [at, fresh] = told_at_.try_emplace({*ringing, alarm.share}, now);
      if (!fresh && now - at->second < kTellAgain) continue;
      at->second = now;
      out.push_back(std::move(alarm));
    }
    ringing = alarms.empty() ? ringing_.erase(ringing) : std::next(ringing);
  }
  return out;
}

void Treasurer::told(BudgetId budget, std::uint32_t share) {
  const auto book = books_.find(budget);
  if (book == books_.end()) return;
  book->second.told(share);
  busy_.insert(budget);
}

void Treasurer::hear(const NodeName& from, const Copy& message, Time now) {
  const auto found = voters_.find(from);
  if (found == voters_.end() || message.epoch != epoch_) return;
  auto& voter = found->second;
  if (voter.ledger == message.ledger) return;
  voter = Voter{};
  voter.ledger = message.ledger;
  voter.filled = message.filled;
  voter.more = true;
  for (const auto& [id, book] : books_) voter.behind.insert(voter.behind.end(), id);
  if (state_ >= State::founding) return;
  voter.records = message.records;
  decide(now);
}

/// A majority of disks that know something; or all of them, where none was ever told that a majority does (no
/// money was granted before that). The highest stamp of each record: what was granted under it with effect is
/// in it; an element-wise maximum would revive grants that a dead treasurer brought to a minority only.
void Treasurer::decide(Time now) {
  std::size_t known = 0, confirmed = 0, answered = 0;
  for (const auto& [name, voter] : voters_) {
    answered += voter.ledger != 0;
    known += voter.filled != Filled::blank;
    confirmed += voter.filled == Filled::confirmed;
  }
  if (majority(known)) return open(false, now);
  if (answered < voters_.size()) return;
  if (confirmed == 0) return open(true, now);
  state_ = State::lost;
}

void Treasurer::open(bool fresh, Time now) {
  std::map<BudgetId, Record> newest;
  for (auto& [name, voter] : voters_) {
    for (auto& record : std::exchange(voter.records, {})) {
      auto& best = newest[record.id];
      if (!fresh && (best.id == 0 || best.stamp < record.stamp)) best = std::move(record);
    }
  }
  for (auto& [id, record] : newest)
    if (record.id) books_.emplace(id, Book(std::move(record), epoch_));
  state_ = State::founding;
  configure(budgets_, now);
}

/// The second step of a first start: without it nobody could tell a founding that was cut short from the loss
/// of a majority's disks.
void Treasurer::confirm() {
  std::size_t whole = 0, confirmed = 0;
  for (const auto& [name, voter] : voters_) {
    whole += voter.whole;
    confirmed += voter.whole && voter.filled == Filled::confirmed;
  }
  founded_ = majority(whole);
  if (majority(confirmed)) state_ = State::open;
}

void Treasurer::hear(const NodeName& from, const Stored& message) {
  const auto found = voters_.find(from);
  if (found == voters_.end() || message.epoch != epoch_ || message.ledger != found->second.ledger) return;
  found->second.whole = true;
  found->second.filled = std::max(found->second.filled, message.filled);
  for (const auto& [budget, number] : message.numbers) {
    auto& acked = found->second.told[budget].acked;
    acked = std::max(acked, number);
    const auto book = books_.find(budget);
    if (book != books_.end() && acked >= book->second.record().stamp.seq) found->second.behind.erase(budget);
  }
  if (state_ == State::founding || !founded_) confirm();
  count();
}

void Treasurer::count() {
  std::vector<std::uint64_t> numbers;
  for (const auto id : busy_) {
    auto& book = books_.at(id);
    if (book.settled()) continue;
    numbers.clear();
    for (const auto& [name, voter] : voters_) {
      const auto told = voter.told.find(id);
      numbers.push_back(told == voter.told.end() ? 0 : told->second.acked);
    }
    const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
    std::nth_element(numbers.begin(), middle, numbers.end(), std::greater<>());
    book.committed(*middle);
  }
}

void Treasurer::hear(const NodeName& from, const Statement& message, Time now) {
  if (state_ != State::open || from != message.holder.node || message.holder.ledger == 0) return;
  auto& seat = seats_[message.holder];
  const bool newer = std::pair(message.incarnation, message.seq) > std::pair(seat.incarnation, seat.seq);
  if (newer) {
    seat.incarnation = message.incarnation;
    seat.seq = message.seq;
  }
  for (const auto& line : message.lines) {
    const auto book = books_.find(line.budget);
    if (book == books_.end()) continue;
    look_beside(line.budget);
    book->second.hear(message.holder, line, newer, now);
    book->second.give(now);
    busy_.insert(line.budget);
    if (book->second.open())
      seat.owed.insert(line.budget);  // else its holder names it again, if it is one of many
  }
  seat.unanswered = true;
  for (const auto& [budget, share] : message.told) told(budget, share);
  for (const auto& owner : message.owners)
    if (!owners_.contains(owner) && strangers_.size() < kStrangers) strangers_.insert(owner);
}

void Treasurer::ask(Time now, Outbox& out) {
  for (auto& [name, voter] : voters_) {
    if (state_ >= State::founding && voter.whole && voter.behind.empty()) {
      voter.asked = now;
      continue;
    }
    if (now - voter.asked < (voter.whole ? kAskAgain : kResend)) continue;
    voter.asked = now;
    out.push_back({name, Read{epoch_}});
  }
}

Store Treasurer::next_for(Voter& voter, Time now) const {
  Store message{epoch_, voter.ledger, !voter.whole, founded_, {}};
  voter.more = false;
  for (const auto id : voter.behind) {
    auto& told = voter.told[id];
    const auto& record = books_.at(id).record();
    const auto number = record.stamp.seq;
    if (voter.whole && told.number >= number && now - told.at < kResend) continue;
    voter.more = voter.whole && message.records.size() >= kPerStore;
    if (voter.more) break;
    told.number = number;
    told.at = now;
    message.records.push_back(record);
  }
  return message;
}

/// A record that waits for its majority is not sent again with every change: the changes gather.
void Treasurer::store(Time now, Outbox& out) {
  for (const auto id : busy_) {
    auto& book = books_.at(id);
    auto [at, fresh] = stamped_.try_emplace(id, cluster::kLongAgo);
    if (!book.dirty() || (!book.settled() && now - at->second < kResend)) continue;
    book.stamp();
    at->second = now;
    for (auto& [name, voter] : voters_) {
      voter.behind.insert(id);
      voter.more = true;
    }
  }
  for (auto& [name, voter] : voters_) {
    if (voter.ledger == 0 || (!voter.whole && now - voter.sent < kResend)) continue;
    const bool confirms = founded_ && voter.filled != Filled::confirmed && now - voter.sent >= kConfirm;
    if (voter.whole && !confirms && !voter.more && (voter.behind.empty() || now - voter.looked < kLook))
      continue;
    voter.looked = now;
    auto message = next_for(voter, now);
    if (voter.whole && message.records.empty() && !confirms) continue;
    voter.sent = now;
    out.push_back({name, std::move(message)});
  }
}

void Treasurer::answer(Time now, Outbox& out) {
  for (const auto id : busy_) {
    for (const auto& holder : books_.at(id).take_news()) {
      const auto seat = seats_.find(holder);
      if (seat != seats_.end()) seat->second.owed.insert(id);
    }
  }
  for (auto& [holder, seat] : seats_) {
    if (seat.owed.empty() && !seat.unanswered) continue;
    seat.unanswered = false;
    Allotment message{holder, seat.incarnation, seat.seq, {}};
    for (const auto id : std::exchange(seat.owed, {}))
      message.lines.push_back(books_.at(id).line_for(holder, now));
    out.push_back({holder.node, std::move(message)});
  }
}

void Treasurer::rest() {
  for (auto at = busy_.begin(); at != busy_.end();) {
    const auto& book = books_.at(*at);
    const bool done = !book.dirty() && book.settled();
    if (done && !book.due().empty()) ringing_.insert(*at);
    at = done ? busy_.erase(at) : std::next(at);
  }
}

void Treasurer::tick(Time now, Outbox& out) {
  ask(now, out);
  if (state_ >= State::founding) store(now, out);
  if (state_ != State::open) return;
  answer(now, out);
  rest();
}

}  // namespace troupe::money
