#include "cluster/money/cashier.hpp"

#include <bit>
#include <cmath>

namespace troupe::money {
namespace {

using std::chrono::milliseconds;
constexpr Duration kEvery = milliseconds(250), kIdle = std::chrono::seconds(2), kUrgent = milliseconds(10);
constexpr Duration kAgain = milliseconds(100);        // while a call waits
constexpr Duration kSilence = milliseconds(750);      // then every voter is asked
constexpr Duration kWaits = milliseconds(200);        // a call that was turned away comes again within that
constexpr Duration kWhole = std::chrono::minutes(1);  // everything again: whoever listens may be new
constexpr std::size_t kPerStatement = 2'000;          // lines; far below what a frame holds
constexpr Duration kSample = milliseconds(50);
constexpr Duration kFresh = std::chrono::seconds(3);  // older words on what is left mean nothing
constexpr std::size_t kTold = 64;  // alarms that are remembered: more than are told while nobody is in office
constexpr double kRateSeconds = 2, kLargestSeconds = 30;
constexpr double kReadyLow = 0.1, kReadyFull = 0.5, kBlock = 2.0;  // seconds of spending

double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}
Picos whole(double value) {
  return static_cast<Picos>(value);
}
/// Up to three significant bits: a wish that fades by a hair is no news.
Picos rounded_up(Picos value) {
  if (value <= 0) return 0;
  const auto bits = std::bit_width(static_cast<std::uint64_t>(value));
  const Picos step = Picos{1} << std::max(0, static_cast<int>(bits) - 3);
  return (value + step - 1) / step * step;
}

}  // namespace

Cashier::Cashier(NodeName me, std::uint64_t incarnation, std::vector<NodeName> voters, const Image& image,
                 Journal& journal)
    : me_{std::move(me), image.ledger}, incarnation_(incarnation), voters_(std::move(voters)) {
  for (const auto& [id, kept] : image.blocks) {
    auto& line = lines_[id];
    line.budget.id = id;
    line.budget.until = kept.until;
    line.block = line.safe = kept;
    line.purse = std::make_shared<Purse>(id, "", 0, WallTime(std::chrono::seconds(kept.until)), touched_);
    awake_.insert(id);
    line.block.mark = std::max(kept.mark, kept.settled + kept.doubt);
    line.block.doubt = line.block.mark - kept.settled;
    if (line.block != line.safe) write(id, line, 0, journal);
  }
}

void Cashier::wake(BudgetId id, Line& line) {
  awake_.insert(id);
  if (line.due == cluster::kLongAgo) return;
  due_.erase({line.due, id});
  line.due = cluster::kLongAgo;
}

void Cashier::name(const Budget& budget) {
  auto& line = lines_[budget.id];
  if (!line.purse || line.purse->owner() != budget.owner)
    line.purse = std::make_shared<Purse>(budget.id, budget.owner, budget.cap,
                                         WallTime(std::chrono::seconds(budget.until)), touched_);
  line.purse->resize(budget.cap);
  line.budget = budget;
  line.block.until = line.safe.until = budget.until;
  line.open = !budget.past;  // what was granted too late is heard, and given back
  wake(budget.id, line);
}

void Cashier::configure(const std::vector<Budget>& budgets) {
  for (auto& [id, line] : lines_) {
    if (line.open) wake(id, line);
    line.open = false;
  }
  add(budgets);
}

void Cashier::add(const std::vector<Budget>& budgets) {
  for (const auto& budget : budgets) name(budget);
}

std::shared_ptr<Purse> Cashier::purse(BudgetId budget) const {
  const auto found = lines_.find(budget);
  return found == lines_.end() ? nullptr : found->second.purse;
}

void Cashier::settled(BudgetId budget, Picos total) {
  const auto found = lines_.find(budget);
  if (found == lines_.end()) return;
  auto& line = found->second;
  line.block.settled = line.safe.settled = std::max(line.safe.settled, total);
  wake(budget, line);
}

void Cashier::write(BudgetId id, Line& line, Picos credit, Journal& journal) {
  const auto number = journal.write(BlockWrite{id, line.block});
  line.pending.push_back({number, line.block, credit});
  line.coming += credit;
}

/// What is on disk may be spent, and be told.
void Cashier::land(Line& line, const Journal& journal) {
  for (; !line.pending.empty() && line.pending.front().number <= journal.safe(); line.pending.pop_front()) {
    const auto& landed = line.pending.front();
    const auto settled = line.safe.settled;
    line.safe = landed.block;
    line.safe.settled = settled;
    line.coming -= landed.credit;
    line.purse->credit(landed.credit);
  }
}

void Cashier::sample(Line& line, Time now) {
  if (const auto missed = line.purse->take_missed(); missed > 0) {
    line.head = missed;
    line.head_at = now;
  } else if (now - line.head_at > kWaits) {
    line.head = 0;
  }
  line.largest = std::max(line.largest, static_cast<double>(line.purse->take_largest()));
  if (line.sampled == cluster::kLongAgo) line.sampled = now;
  const double span = seconds(now - line.sampled);
  if (now - line.sampled < kSample) return;
  line.sampled = now;
  const auto asked = line.purse->asked();
  line.rate +=
      (1 - std::exp(-span / kRateSeconds)) * (static_cast<double>(asked - line.asked) / span - line.rate);
  line.asked = asked;
  line.largest *= std::exp(-span / kLargestSeconds);
}

/// Puts money into the purse before it runs out. The mark goes first, so that a crash forgets nothing. More
/// spent than there was is marked at once, whatever was granted.
void Cashier::advance(BudgetId id, Line& line, Journal& journal) {
  const auto ready = line.purse->ready() + line.coming;
  const auto low = std::max(line.head, whole(line.largest + line.rate * kReadyLow));
  const auto full = std::max(line.head, whole(2 * line.largest + line.rate * kReadyFull));
  Picos more = ready < low ? std::min(full - ready, line.unmarked()) : 0;
  more = std::max(more, -ready);
  if (more <= 0) return;
  line.block.mark += more;
  write(id, line, more, journal);
}

void Cashier::give_back(BudgetId id, Line& line, Picos keep, Journal& journal) {
  const auto surplus = line.free() - keep;
  if (surplus <= 0) return;
  const auto unused = std::min(surplus, line.unmarked());
  const auto drawn = unused < surplus ? line.purse->withdraw(keep) : 0;
  if (unused + drawn <= 0) return;
  line.block.mark -= drawn;
  line.block.released += unused + drawn;
  write(id, line, 0, journal);
}

void Cashier::hear(const NodeName&, const Allotment& message, Time now, Journal& journal) {
  if (message.holder != me_) return;
  heard_ = now;
  if (message.incarnation == incarnation_) answered_ = std::max(answered_, message.seq);
  for (const auto& said : message.lines) {
    const auto found = lines_.find(said.budget);
    if (found == lines_.end()) continue;
    auto& line = found->second;
    line.granted = std::max(line.granted, said.granted);
    line.said = said;
    line.heard = now;
    wake(said.budget, line);
    if (!said.recall) continue;
    give_back(said.budget, line, said.keep, journal);
  }
}

StatementLine Cashier::state(BudgetId id, const Line& line) const {
  StatementLine out;
  out.budget = id;
  out.spent = line.safe.settled;
  out.doubt = line.safe.doubt;
  out.mark = line.safe.mark;
  out.released = line.safe.released;
  out.granted_seen = line.granted;
  out.free = line.free();
  if (!line.open || closed_) return out;
  const auto goal = std::max(rounded_up(whole(4 * line.largest + line.rate * kBlock)), line.head);
  out.want = std::max<Picos>(0, goal - out.free);
  out.head = std::max<Picos>(0, line.head - out.free);
  return out;
}

/// What is news, what was not answered, and what is in force once in a while; all of it to whoever is new.
std::vector<StatementLine> Cashier::news(bool whole, Time now, bool& changed) {
  std::vector<StatementLine> out;
  const auto look = [&](BudgetId id, const Line& line) {
    const auto said = state(id, line);
    const bool fresh = said != line.told;
    const bool unanswered = line.told_in > answered_;
    changed |= fresh;
    const auto since = now - line.told_at;
    const bool waits = line.head > line.free() && since >= kAgain;  // what others gave may be free by now
    if (whole || fresh || unanswered || waits || (line.open && since >= kIdle)) out.push_back(said);
  };
  if (whole) {
    for (const auto& [id, line] : lines_) look(id, line);
  } else {
    for (const auto id : awake_) look(id, lines_.at(id));
  }
  return out;
}

/// What rests, and is in force.
void Cashier::add_due(Time now, std::vector<StatementLine>& to) {
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto id = due_.begin()->second;
    auto& line = lines_.at(id);
    wake(id, line);
    to.push_back(state(id, line));
  }
}

void Cashier::speak(const NodeName& treasurer, Time now, Outbox& out) {
  const bool silent = treasurer.empty() || now - heard_ > kSilence;
  const bool whole = treasurer != spoken_to_ || now - whole_ >= kWhole;
  bool changed = hurry_;
  auto lines = news(whole, now, changed);
  const auto since = now - spoke_;
  const bool due = !due_.empty() && due_.begin()->first <= now;
  if ((lines.empty() && !due && !hurry_) || since < (hurry_ ? kUrgent : changed ? kEvery : kIdle)) return;
  if (!whole) add_due(now, lines);
  spoke_ = now;
  hurry_ = false;
  spoken_to_ = treasurer;
  if (whole) whole_ = now;
  for (std::size_t from = 0; from == 0 || from < lines.size(); from += kPerStatement) {
    Statement message{me_, incarnation_, ++seq_, {}, {}, {told_.begin(), told_.end()}};
    for (std::size_t i = from; i < std::min(lines.size(), from + kPerStatement); ++i) {
      auto& line = lines_[lines[i].budget];
      line.told = lines[i];
      line.told_in = seq_;
      line.told_at = now;
      message.lines.push_back(lines[i]);
      if (line.open && now - line.heard > kFresh) message.owners.push_back(line.budget.owner);
    }
    if (!silent) {
      out.push_back({treasurer, std::move(message)});
      continue;
    }
    for (const auto& voter : voters_) out.push_back({voter, message});
  }
}

void Cashier::look_at(BudgetId id, Line& line, Time now, Journal& journal) {
  const auto released = line.safe.released;
  land(line, journal);
  hurry_ |= line.safe.released != released;  // somebody waits for it
  sample(line, now);
  if (closed_ || !line.open) give_back(id, line, 0, journal);
  advance(id, line, journal);
  hurry_ |= line.head > line.free();
  line.spent = line.purse->spent();
  line.ready = line.purse->ready();
  line.purse->expect(now - line.heard < kFresh
                         ? line.unmarked() + line.coming + line.purse->reserved() + line.said.left
                         : -1);
}

bool Cashier::still(BudgetId id, const Line& line) const {
  const auto& purse = *line.purse;
  const bool used = purse.asked() != line.asked || purse.spent() != line.spent ||
                    purse.ready() != line.ready || purse.missed() > 0 || line.head > 0;
  return !used && line.pending.empty() && line.told_in != 0 && line.told_in <= answered_ &&
         state(id, line) == line.told;
}

void Cashier::rest() {
  for (auto at = awake_.begin(); at != awake_.end();) {
    const auto id = *at;
    auto& line = lines_.at(id);
    if (still(id, line)) {
      line.purse->rest();
      if (still(id, line)) {
        at = awake_.erase(at);
        if (!line.open) continue;
        line.due = line.told_at + kIdle;
        due_.insert({line.due, id});
        continue;
      }
    }
    ++at;
  }
}

void Cashier::tick(const NodeName& treasurer, Time now, Journal& journal, Outbox& out) {
  for (const auto id : touched_->take())
    if (const auto found = lines_.find(id); found != lines_.end()) wake(id, found->second);
  for (const auto id : awake_) look_at(id, lines_.at(id), now, journal);
  speak(treasurer, now, out);
  rest();
}

void Cashier::told(BudgetId budget, std::uint32_t share) {
  told_.emplace_back(budget, share);
  if (told_.size() > kTold) told_.pop_front();
  hurry_ = true;
}

void Cashier::close(Journal& journal) {
  closed_ = true;
  hurry_ = true;
  for (auto& [id, line] : lines_) {
    wake(id, line);
    give_back(id, line, 0, journal);
  }
}

void Cashier::forget(Second end, Journal& journal) {
  for (auto at = lines_.begin(); at != lines_.end();) {
    const bool over = !at->second.open && at->second.block.until < end;
    if (over) {
      journal.write(ForgetWrite{at->first});
      wake(at->first, at->second);
      awake_.erase(at->first);
    }
    at = over ? lines_.erase(at) : std::next(at);
  }
}

bool Cashier::quiet(const Journal& journal) const {
  if (journal.safe() < journal.last()) return false;
  for (const auto& [id, line] : lines_) {
    if (line.told.released != line.safe.released || line.told.spent != line.safe.settled) return false;
  }
  return answered_ == seq_;
}

std::vector<Account> Cashier::accounts() const {
  std::vector<Account> out;
  for (const auto& [id, line] : lines_) {
    out.push_back({line.budget, line.said, line.heard != cluster::kLongAgo, line.safe, line.granted,
                   line.purse->ready(), line.purse->reserved(), line.free(), line.open});
  }
  return out;
}

}  // namespace troupe::money
