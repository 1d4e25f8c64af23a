#include "cluster/permits/allocator.hpp"

#include <algorithm>

#include "cluster/permits/floors.hpp"
#include "cluster/permits/foresight.hpp"

namespace troupe::cluster {
namespace {

using What = Change::What;
constexpr Duration kServeEvery = std::chrono::milliseconds(20);
constexpr Duration kSweepEvery = std::chrono::milliseconds(100);

bool holds_floor(const Table& table, const Account& account) {
  return std::any_of(account.counters.begin(), account.counters.end(), [&](const auto& entry) {
    const auto* book = table.book(entry.first);
    return book && book->spec.kind == LimitKind::floor && entry.second.held() > 0;
  });
}

}  // namespace

Allocator::Allocator(NodeName me, Office office, Table table, const Limits& limits, Time now)
    : me_(std::move(me)), office_(std::move(office)), table_(std::move(table)) {
  table_.prolong_all(now);
  for (const auto& [id, account] : table_.accounts()) {
    if (account.frozen) continue;
    auto& seat = seats_[id];
    seat.since = 1;
    revisions_.join(id);
    for (const auto& [limit, counters] : account.counters) seat.confirmed[limit] = counters.granted;
  }
  configure(limits, now);
}

std::uint64_t Allocator::change(Change change, Time now) {
  table_.apply(change, now);
  return office_.record(std::move(change));
}

void Allocator::configure(const Limits& limits, Time now) {
  revisions_.configure(limits);
  for (const auto& spec : limits) resize(spec.id, now);
  resize_all(now);
}

void Allocator::resize_all(Time now) {
  std::set<LimitId> all;
  for (const auto& [id, book] : table_.books()) all.insert(id);
  resizing_ = false;
  resize(all, now);
}

/// The size that a limit is to have; floors that no configuration has any more shrink to nothing.
std::optional<LimitSpec> Allocator::wanted(LimitId limit) const {
  const auto* book = table_.book(limit);
  auto spec = revisions_.spec(limit, book ? &book->spec : nullptr);
  if (spec || !book || book->spec.kind != LimitKind::floor) return spec;
  spec = book->spec;
  spec->units = 0;
  return spec;
}

/// Units that move between a limit and its floors are in the one when the other can not use them any more.
void Allocator::resize(LimitId limit, Time now) {
  auto spec = wanted(limit);
  const auto* book = table_.book(limit);
  if (!spec) {
    if (book) spreads_.try_emplace(limit, Spread(book->spec.quantum));
    return;
  }
  if (auto* other = table_.book(floor_of(limit))) {
    table_.mature(*other, now);
    const auto pair = wanted(floor_of(limit));
    const auto possible = std::max<Units>(0, spec->units + (pair ? pair->units : 0) - outstanding(*other));
    resizing_ |= possible < spec->units;
    spec->units = std::min(spec->units, possible);
  }
  if (!book || book->spec != *spec) change({What::define, {}, limit, 0, {}, spec}, now);
  if (spec->kind != LimitKind::floor) spreads_.try_emplace(limit, Spread(spec->quantum));
}

void Allocator::resize(const std::set<LimitId>& limits, Time now) {
  for (const auto limit : limits) resize(limit, now);
}

/// Forgets a session that may use nothing any more, but for its account.
void Allocator::dismiss(const SessionId& session, Time now) {
  for (auto& [limit, spread] : spreads_) spread.forget(session);
  seats_.erase(session);
  resize(revisions_.leave(session), now);
}

void Allocator::announce(Outbox& out) const {
  std::set<NodeName> nodes;
  for (const auto& [id, account] : table_.accounts()) nodes.insert(id.node);
  for (const auto& node : nodes) out.push_back({node, InOffice{office_.epoch()}});
}

bool Allocator::outdated(const SessionId& session) const {
  const auto newest =
      table_.accounts().upper_bound(SessionId{session.node, ~std::uint64_t{0}, ~std::uint32_t{0}});
  if (newest == table_.accounts().begin()) return false;
  const auto& id = std::prev(newest)->first;
  return id.node == session.node && session < id;
}

/// Their node has begun a new session: from now on it uses nothing of theirs. The time of that matters to
/// floors.
void Allocator::retire_others(const SessionId& session, Time now) {
  const auto& accounts = table_.accounts();
  for (auto at = accounts.lower_bound(SessionId{session.node, 0, 0});
       at != accounts.end() && at->first.node == session.node; ++at) {
    if (at->first == session || (at->second.frozen && !holds_floor(table_, at->second))) continue;
    dismiss(at->first, now);
    change({What::freeze, at->first, 0, 0, {}, {}}, now);
  }
}

bool Allocator::covered(const Claim& claim, Time now) const {
  std::map<LimitId, Units> needed;
  for (const auto& [limit, units] : claim.held) needed[limit] += units;
  for (const auto& use : claim.used) {
    const auto* book = table_.book(use.limit);
    if (book && use.age < after_use(book->spec, table_.timing())) needed[use.limit] += use.units;
  }
  return std::all_of(needed.begin(), needed.end(), [&](const auto& need) {
    const auto* book = table_.book(need.first);
    return book && need.second >= 0 && need.second <= book->unknown && now < book->unknown_until;
  });
}

Account* Allocator::open(const Report& message, Time now, Outbox& out) {
  const auto& claim = *message.claim;
  const bool empty = claim.held.empty() && claim.used.empty();
  if (!empty && (message.lineage != office_.lineage() || !covered(claim, now))) {
    out.push_back({message.session.node, UnknownSession{message.session, office_.lineage(), true}});
    return nullptr;
  }
  retire_others(message.session, now);
  const auto since = change({What::open, message.session, 0, 0, {}, {}}, now);
  auto& seat = seats_[message.session];
  seat.since = since;
  revisions_.join(message.session);
  for (const auto& [limit, units] : claim.held) {
    const auto seq = change({What::claim, message.session, limit, units, {}, {}}, now);
    pending_.push_back({seq, message.session, limit, units});
    ++seat.pending;
  }
  for (const auto& use : claim.used) {
    const auto* book = table_.book(use.limit);
    const auto rest =
        book ? after_use(book->spec, table_.timing()) - at_least(use.age, table_.timing(), -2) : Duration{};
    if (rest > Duration::zero())
      change({What::claim_used, message.session, use.limit, use.units, rest, {}}, now);
  }
  return table_.account(message.session);
}

Account* Allocator::admit(const Report& message, Time now, Outbox& out) {
  if (outdated(message.session)) return nullptr;
  const bool elsewhere = message.lineage && message.lineage != office_.lineage();
  auto* account = elsewhere ? nullptr : table_.account(message.session);
  if (!elsewhere && !account && message.claim) return open(message, now, out);
  if (!account || (account->frozen && account->touched)) {
    out.push_back({message.session.node, UnknownSession{message.session, office_.lineage(), false}});
    return nullptr;
  }
  return account;
}

/// Counters to changes. `cap`: whatever was used before a lapsed lease has cooled by then.
void Allocator::count(Account& account, const ReportLine& line, Duration cap, Time now) {
  const auto* book = table_.book(line.limit);
  if (!book) return;
  const auto before = account.counters[line.limit];
  const auto used = line.used - before.used;
  if (used > 0) {
    const auto excess = used - before.held();
    if (excess > 0) change({What::grant, account.id, line.limit, excess, {}, {}}, now);
    const auto cool = std::min(after_use(book->spec, table_.timing()), cap);
    change({What::use, account.id, line.limit, used, cool, {}}, now);
  }
  const auto back = std::min(line.returned - before.returned, account.counters[line.limit].held());
  if (back > 0) change({What::give_back, account.id, line.limit, back, {}, {}}, now);
}

void Allocator::listen(const Report& message, const ReportLine& line) {
  const auto spread = spreads_.find(line.limit);
  if (spread == spreads_.end()) return;
  if (message.leaving) return spread->second.forget(message.session);
  const auto granted = table_.account(message.session)->counters[line.limit].granted;
  spread->second.hear(message.session, line, std::max<Units>(0, granted - line.granted_seen));
}

/// Holds nothing, and no late copy of its first report could open it again and repeat its claim.
bool Allocator::forgettable(const Account& account) const {
  return std::all_of(account.counters.begin(), account.counters.end(),
                     [](const auto& entry) { return entry.second.held() == 0; }) &&
         std::all_of(table_.books().begin(), table_.books().end(),
                     [](const auto& entry) { return entry.second.unknown == 0; });
}

/// A session that leaves is answered here and now when it has nothing left: there will be no seat to answer.
void Allocator::dismiss(const Report& message, Time now, Outbox& out) {
  if (!forgettable(*table_.account(message.session))) return;
  dismiss(message.session, now);
  change({What::close, message.session, 0, 0, {}, {}}, now);
  out.push_back(
      {message.session.node, Grant{message.session, office_.lineage(), message.asked, message.seq, {}}});
}

void Allocator::hear(const NodeName& from, const Report& message, Time now, Random& random, Outbox& out) {
  if (!holds(now) || from != message.session.node) return;
  auto* account = admit(message, now, out);
  if (!account) return;
  auto cap = Duration::max();
  const bool was_frozen = account->frozen;
  const auto lapsed = account->expires;
  if (was_frozen) {
    seats_[message.session].since = change({What::revive, message.session, 0, 0, {}, {}}, now);
    revisions_.join(message.session);
    for (const auto& [limit, counters] : account->counters)
      seats_[message.session].confirmed.try_emplace(limit, counters.granted);
  }
  auto& seat = seats_[message.session];
  const bool newer = message.seq > seat.seq;
  if (newer) resize(revisions_.hear(message), now);
  for (const auto& line : message.lines) {
    if (const auto* book = table_.book(line.limit); was_frozen && book)
      cap = std::max(Duration::zero(), lapsed + after_loss(book->spec, table_.timing()) - now);
    count(*account, line, cap, now);
    if (newer) listen(message, line);
  }
  if (newer) {
    seat.seq = message.seq;
    seat.asked = std::max(seat.asked, message.asked);
    account->expires = now + session_life(table_.timing());
  }
  seat.owed = true;
  for (const auto& line : message.lines) {
    seat.news.insert(line.limit);
    give(line.limit, message.leaving ? nullptr : &message.session, now, random);
  }
  if (message.leaving) dismiss(message, now, out);
  settle(now, out);
}

void Allocator::hear(const NodeName& from, const Ack& message, Time now, Random&, Outbox& out) {
  if (!holds(now)) return;
  office_.hear(from, message, now);
  settle(now, out);
}

void Allocator::grant(LimitId limit, const SessionId& to, Units units, Time now) {
  const auto seq = change({What::grant, to, limit, units, {}, {}}, now);
  pending_.push_back({seq, to, limit, table_.account(to)->counters[limit].granted});
  ++seats_[to].pending;
}

void Allocator::give_floor(const Book& floors, const SessionId& to, Time now) {
  const auto share = even_share(table_, floors, to.node, office_.voters());
  const auto lacks = share - table_.account(to)->counters[floors.spec.id].held();
  if (const auto units = std::min(floors.pool, lacks); units > 0) grant(floors.spec.id, to, units, now);
}

void Allocator::give(LimitId limit, const SessionId* reporter, Time now, Random& random) {
  auto* book = table_.book(limit);
  if (book && book->spec.kind == LimitKind::floor && reporter) return give_floor(*book, *reporter, now);
  const auto spread = spreads_.find(limit);
  if (!book || spread == spreads_.end()) return;
  table_.mature(*book, now);
  for (const auto& gift : spread->second.give(book->pool, reporter, seats_.size(), random)) {
    if (gift.units > 0) grant(limit, gift.to, gift.units, now);
  }
  for (const auto& session : spread->second.recall(book->pool, seats_.size(), now))
    seats_[session].news.insert(limit);
}

void Allocator::confirm(Time) {
  for (; !pending_.empty() && pending_.front().seq <= office_.committed(); pending_.pop_front()) {
    const auto& grant = pending_.front();
    const auto seat = seats_.find(grant.session);
    if (seat == seats_.end()) continue;
    if (seat->second.pending > 0) --seat->second.pending;
    auto& confirmed = seat->second.confirmed[grant.limit];
    confirmed = std::max(confirmed, grant.total);
    seat->second.news.insert(grant.limit);
  }
}

GrantLine Allocator::line_for(LimitId limit, const SessionId& id, const Seat& seat, Time now) const {
  GrantLine line;
  line.limit = limit;
  if (const auto confirmed = seat.confirmed.find(limit); confirmed != seat.confirmed.end())
    line.granted = confirmed->second;
  const auto* book = table_.book(limit);
  if (book && book->spec.kind == LimitKind::floor)
    line.hold = even_share(table_, *book, id.node, office_.voters());
  const auto spread = spreads_.find(limit);
  if (spread == spreads_.end() || !book) return line;
  if (const auto* demand = spread->second.demand(id)) {
    line.hold = demand->hold;
    line.urgent = demand->urgent;
  }
  line.units = book->spec.units;
  line.left = std::clamp<Units>(book->pool + spread->second.idle(), 0, line.units);
  foretell(line, *book, now);
  return line;
}

void Allocator::send_news(const SessionId& id, Seat& seat, Time now, Outbox& out) const {
  Grant grant{id, office_.lineage(), seat.asked, seat.seq, {}};
  for (const auto limit : seat.news) grant.lines.push_back(line_for(limit, id, seat, now));
  seat.news.clear();
  seat.owed = false;
  out.push_back({id.node, std::move(grant)});
}

void Allocator::settle(Time now, Outbox& out) {
  confirm(now);
  for (auto& [id, seat] : seats_) {
    if (seat.since > office_.committed() || seat.seq == 0) continue;
    if (seat.owed ? seat.pending == 0 : !seat.news.empty()) send_news(id, seat, now, out);
  }
  office_.flush(table_, now, out);
}

/// How long what a lost session held can still be used, or counts.
static Duration out_of_reach(const Table& table, const Book& book, const SessionId& session) {
  return book.spec.kind == LimitKind::floor ? after_loss_of_floor(table, book, session)
                                            : after_loss(book.spec, table.timing());
}

void Allocator::thaw(Account& account, Time now) {
  const auto id = account.id;
  bool empty = true;
  std::vector<std::pair<LimitId, Units>> held;
  for (const auto& [limit, counters] : account.counters) {
    if (counters.held() != 0) held.emplace_back(limit, counters.held());
  }
  for (const auto& [limit, units] : held) {
    const auto* book = table_.book(limit);
    if (book && now >= account.expires + out_of_reach(table_, *book, id))
      change({What::thaw, id, limit, units, {}, {}}, now);
    else
      empty = false;
  }
  if (empty && forgettable(account)) change({What::close, id, 0, 0, {}, {}}, now);
}

void Allocator::expire(Time now) {
  std::vector<SessionId> lapsed, cold;
  for (const auto& [id, account] : table_.accounts()) {
    if (account.frozen)
      cold.push_back(id);
    else if (now >= account.expires)
      lapsed.push_back(id);
  }
  for (const auto& id : lapsed) {
    const auto expired = table_.account(id)->expires;
    dismiss(id, now);
    change({What::freeze, id, 0, 0, {}, {}}, now);
    table_.account(id)->expires = expired;
  }
  for (const auto& id : cold) thaw(*table_.account(id), now);
  for (auto& [limit, book] : table_.books()) {
    if (book.unknown > 0 && now >= book.unknown_until)
      change({What::found, {}, limit, book.unknown, {}, {}}, now);
  }
}

void Allocator::tick(Time now, Random& random, Outbox& out) {
  if (!holds(now)) return;
  if (now - swept_ >= kSweepEvery) {
    swept_ = now;
    expire(now);
    if (resizing_) resize_all(now);
  }
  if (now - served_ >= kServeEvery) {
    served_ = now;
    for (auto& [limit, spread] : spreads_) {
      if (spread.waiting()) give(limit, nullptr, now, random);
    }
  }
  settle(now, out);
}

}  // namespace troupe::cluster
