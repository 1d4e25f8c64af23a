#include "cluster/permits/table.hpp"

#include <algorithm>

namespace troupe::cluster {
namespace {

constexpr int kSteps = 1024;  // of a window: that many entries cool at most, each up to a step longer

}  // namespace

Book* Table::book(LimitId id) {
  const auto found = books_.find(id);
  return found == books_.end() ? nullptr : &found->second;
}

const Book* Table::book(LimitId id) const {
  const auto found = books_.find(id);
  return found == books_.end() ? nullptr : &found->second;
}

Account* Table::account(const SessionId& id) {
  const auto found = accounts_.find(id);
  return found == accounts_.end() ? nullptr : &found->second;
}

void Table::cool(Book& book, Time until, Units units) {
  if (units == 0) return;
  const auto step = std::max<Duration::rep>(1, (book.spec.window / kSteps).count());
  const auto rest = until.time_since_epoch().count() % step;
  if (rest != 0) until += Duration(rest > 0 ? step - rest : -rest);
  auto& line = book.cooling;
  const auto at = std::upper_bound(line.begin(), line.end(), until,
                                   [](Time time, const auto& entry) { return time < entry.first; });
  if (at != line.begin() && std::prev(at)->first == until)
    std::prev(at)->second += units;
  else
    line.insert(at, {until, units});
  book.cooling_sum += units;
}

void Table::mature(Book& book, Time now) {
  while (!book.cooling.empty() && book.cooling.front().first <= now) {
    book.pool += book.cooling.front().second;
    book.cooling_sum -= book.cooling.front().second;
    book.cooling.pop_front();
  }
}

void Table::define(const LimitSpec& spec) {
  auto [at, is_new] = books_.try_emplace(spec.id);
  at->second.pool += spec.units - at->second.spec.units;
  at->second.spec = spec;
}

void Table::forget_everything(const Limits& limits, Time now) {
  books_.clear();
  accounts_.clear();
  for (const auto& spec : limits) {
    auto& book = books_[spec.id];
    book.spec = spec;
    book.unknown = spec.units;
    book.unknown_until = now + session_life(timing_) + after_loss(spec, timing_);
  }
}

void Table::apply_to_account(const Change& change, Book& book, Time now) {
  auto* account = this->account(change.session);
  if (!account) return;
  auto& counters = account->counters[change.limit];
  switch (change.what) {
    case Change::What::grant:
      counters.granted += change.units;
      book.pool -= change.units;
      break;
    case Change::What::claim:
      counters.granted += change.units;
      book.unknown -= change.units;
      break;
    case Change::What::use:
      counters.used += change.units;
      cool(book, now + change.remaining, change.units);
      break;
    case Change::What::give_back:
      counters.returned += change.units;
      book.pool += change.units;
      break;
    case Change::What::thaw:
      account->touched = true;
      counters.returned += change.units;
      book.pool += change.units;
      break;
    default:
      break;
  }
}

void Table::apply(const Change& change, Time now) {
  using What = Change::What;
  switch (change.what) {
    case What::define:
      if (change.spec) define(*change.spec);
      return;
    case What::open:
      accounts_.try_emplace(change.session,
                            Account{change.session, false, false, now + session_life(timing_), {}});
      return;
    case What::freeze:
    case What::revive:
      if (auto* account = this->account(change.session)) {
        account->frozen = change.what == What::freeze;
        account->expires = account->frozen ? now : now + session_life(timing_);
      }
      return;
    case What::close:
      accounts_.erase(change.session);
      return;
    default:
      break;
  }
  auto* book = this->book(change.limit);
  if (!book) return;
  mature(*book, now);
  if (change.what == What::claim_used) {
    book->unknown -= change.units;
    cool(*book, now + change.remaining, change.units);
  } else if (change.what == What::found) {
    book->unknown -= change.units;
    book->pool += change.units;
  } else {
    apply_to_account(change, *book, now);
  }
}

Snapshot Table::snapshot(Time now) const {
  Snapshot out;
  for (const auto& [id, book] : books_) {
    Snapshot::Book copy{
        book.spec, book.pool, book.unknown, std::max(Duration::zero(), book.unknown_until - now), {}};
    for (const auto& [until, units] : book.cooling)
      copy.cooling.emplace_back(std::max(Duration::zero(), until - now), units);
    out.books.push_back(std::move(copy));
  }
  for (const auto& [id, account] : accounts_) {
    Snapshot::Account copy{
        id, account.frozen, account.touched, account.frozen ? now - account.expires : Duration::zero(), {}};
    copy.counters.assign(account.counters.begin(), account.counters.end());
    out.accounts.push_back(std::move(copy));
  }
  return out;
}

void Table::restore(const Snapshot& from, Time now) {
  books_.clear();
  accounts_.clear();
  for (const auto& book : from.books) {
    auto& copy = books_[book.spec.id];
    copy.spec = book.spec;
    copy.pool = book.pool;
    copy.unknown = book.unknown;
    copy.unknown_until = now + at_least(book.unknown_for, timing_, 2);
    for (const auto& [remaining, units] : book.cooling)
      cool(copy, now + at_least(remaining, timing_, 2), units);
  }
  for (const auto& account : from.accounts) {
    auto& copy = accounts_[account.id];
    copy.id = account.id;
    copy.frozen = account.frozen;
    copy.touched = account.touched;
    copy.expires =
        account.frozen ? now - at_least(account.frozen_since, timing_, -2) : now + session_life(timing_);
    copy.counters.insert(account.counters.begin(), account.counters.end());
  }
}

void Table::prolong_all(Time now) {
  for (auto& [id, account] : accounts_) {
    if (!account.frozen) account.expires = now + session_life(timing_);
  }
}

Units Table::imbalance(LimitId id) const {
  const auto* book = this->book(id);
  if (!book) return 0;
  Units sum = book->pool + book->unknown + book->cooling_sum;
  for (const auto& [session, account] : accounts_) {
    const auto found = account.counters.find(id);
    if (found != account.counters.end()) sum += found->second.held();
  }
  return book->spec.units - sum;
}

}  // namespace troupe::cluster
