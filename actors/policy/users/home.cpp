#include "actors/policy/users/home.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace troupe::users {
namespace {

constexpr Duration kFull = std::chrono::seconds(1);  // until a newcomer who found no seat may try again

bool contains(const std::vector<std::uint64_t>& ids, std::uint64_t id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// In packets that fit a frame.
void hand_over(const std::string& tenant, std::map<std::string, std::vector<Record>> by_home, Outbox& out) {
  for (auto& [to, records] : by_home) {
    for (std::size_t i = 0; i < records.size(); i += kAtOnce) {
      Handover packet{tenant, {}};
      for (auto j = i; j < std::min(records.size(), i + kAtOnce); ++j)
        packet.records.push_back(std::move(records[j]));
      out.emplace_back(to, std::move(packet));
    }
  }
}

}  // namespace

bool Home::Of::resolved(std::uint64_t id) const {
  return id <= issued && !contains(open, id);
}

Home::Of* Home::User::find(const std::string& node) {
  const auto found =
      std::find_if(parts.begin(), parts.end(), [&](const Of& one) { return one.known.node == node; });
  return found == parts.end() ? nullptr : &*found;
}

bool Home::User::knows_later(const std::string& node, std::uint64_t boot) {
  const auto* of = find(node);
  return of != nullptr && boot < of->known.boot;
}

/// What was under way may have reached a provider.
void Home::User::let_go(Of& of, Time now) {
  const auto held = std::exchange(of.known.held, {});
  tally.release(held, std::exchange(of.known.calls, 0));
  tally.cool(held, now, now);
  for (const auto& grant : std::exchange(of.granted, {})) {
    tally.release(grant.amounts, 1);
    tally.cool(grant.amounts, now, now);
  }
}

/// While the ring is young others may know of a newcomer what is not known here: they are asked, and he is
/// not kept waiting for it.
Home::User* Home::seat(const Place& place, const std::string& from, const std::string& name, Time now,
                       Outbox& out) {
  bool fresh = false;
  auto* user = users_.seat(name, place.longest(), now, [&] {
    fresh = true;
    return User(place.limits);
  });
  if (user == nullptr || !fresh || now >= young_until_) return user;
  for (const auto& node : place.ring.names())
    if (node != from) out.emplace_back(node, Report{place.tenant, name, false});
  return user;
}

/// nullptr: nothing is known of that node, and the line does not tell all.
Home::Of* Home::take(User& user, const std::string& from, std::uint64_t boot, const Line& line, Time now) {
  auto* of = user.find(from);
  if (of != nullptr && boot > of->known.boot) {
    user.let_go(*of, now);
    user.parts.erase(user.parts.begin() + (of - user.parts.data()));
    of = nullptr;
  }
  if (of == nullptr) {
    if (!line.whole) return nullptr;
    for (const auto& entry : *line.whole) user.tally.cool(entry, now);
    of = &user.parts.emplace_back();
    of->known.node = from;
    of->known.boot = boot;
  } else if (line.version < of->known.version) {
    return of;
  } else {
    count(user, *of, line, now);
  }
  of->heard = now;
  settle(user, *of, line);
  return of;
}

/// What was used since the last line; what the fresh uses do not tell of counts as used now.
void Home::count(User& user, const Of& of, const Line& line, Time now) {
  auto more = line.total;
  if (of.known.born == line.born) more -= of.known.total;
  for (auto use = line.fresh.rbegin(); use != line.fresh.rend() && more.any(); ++use) {
    const auto counted = least(more, use->amounts);
    user.tally.cool(counted, now - use->age, now);
    more -= counted;
  }
  user.tally.cool(more, now, now);
}

void Home::settle(User& user, Of& of, const Line& line) {
  user.tally.release(of.known.held, of.known.calls);
  user.tally.hold(line.held, line.calls);
  of.known.held = line.held;
  of.known.calls = line.calls;
  of.known.total = line.total;
  of.known.born = line.born;
  of.known.version = line.version;
  of.issued = line.issued;
  of.open = line.open;
  std::erase_if(of.granted, [&](const Grant& grant) {
    if (!of.resolved(grant.id)) return false;
    user.tally.release(grant.amounts, 1);
    return true;
  });
}

void Home::hear(const Place& place, const std::string& from, const Ask& ask, Time now, Outbox& out) {
  const auto& name = ask.line.user;
  Answer answer{place.tenant, ask.boot, ask.id, name, ask.line.version, {}};
  auto* user = seat(place, from, name, now, out);
  if (user == nullptr) {
    answer.version = 0;
    answer.decision.granted = false;
    answer.decision.reason = policy::RefusalReason::concurrency;
    answer.decision.limit = place.limits.concurrency;
    answer.decision.retry = kFull;
    return out.emplace_back(from, std::move(answer)), void();
  }
  if (user->knows_later(from, ask.boot)) return;
  auto* of = take(*user, from, ask.boot, ask.line, now);
  if (of == nullptr) return out.emplace_back(from, Report{place.tenant, name, true}), void();
  const auto known = std::find_if(of->granted.begin(), of->granted.end(),
                                  [&](const Grant& grant) { return grant.id == ask.id; });
  if (known == of->granted.end() && of->resolved(ask.id)) return;  // it went on without us
  if (known == of->granted.end()) {
    answer.decision = decide(*user, *of, name, ask, now);
  } else {
    user->tally.tell_left(answer.decision, now);
  }
  out.emplace_back(from, std::move(answer));
}

Decision Home::decide(User& user, Of& of, const std::string& name, const Ask& ask, Time now) {
  auto decision = user.tally.weigh(ask.needed, now);
  if (!decision.granted) return decision;
  user.tally.hold(ask.needed, 1);
  of.granted.push_back({ask.id, ask.needed});
  doubts_.push_back({now, name, of.known.node, ask.id});
  user.tally.tell_left(decision, now);
  return decision;
}

void Home::hear(const Place& place, const std::string& from, const Lines& lines, Time now, Outbox& out) {
  Noted noted{place.tenant, lines.boot, {}};
  for (const auto& line : lines.lines) {
    auto* user = seat(place, from, line.user, now, out);
    if (user == nullptr || user->knows_later(from, lines.boot)) continue;
    if (take(*user, from, lines.boot, line, now) != nullptr) {
      noted.versions.emplace_back(line.user, line.version);
    } else {
      out.emplace_back(from, Report{place.tenant, line.user, true});
    }
  }
  if (!noted.versions.empty()) out.emplace_back(from, std::move(noted));
}

Home::User Home::made_of(const Place& place, const Record& record, Time now) {
  User made(place.limits);
  for (const auto& entry : record.cooled) made.tally.cool(entry, now);
  for (const auto& part : record.parts) {
    made.parts.push_back({part, now, 0, {}, {}});
    made.tally.hold(part.held, part.calls);
  }
  return made;
}

/// What is newer here than what was handed over.
void Home::carry_over(const Place& place, User& to, Of& of, const std::string& name, Time now, Outbox& out) {
  auto* known = to.find(of.known.node);
  if (known == nullptr || known->known.boot != of.known.boot) {
    out.emplace_back(of.known.node, Report{place.tenant, name, true});
    return;
  }
  if (of.known.version >= known->known.version) {
    const auto& part = of.known;
    count(to, *known,
          {name, part.version, part.born, of.issued, of.open, part.calls, part.held, part.total, {}, {}},
          now);
    to.tally.release(known->known.held, known->known.calls);
    to.tally.hold(part.held, part.calls);
    known->known = part;
    known->issued = of.issued;
    known->open = of.open;
  }
  for (auto& grant : of.granted) {
    to.tally.hold(grant.amounts, 1);
    known->granted.push_back(grant);
  }
}

void Home::hear(const Place& place, const Handover& handover, Time now, Outbox& out) {
  for (const auto& record : handover.records) {
    auto made = made_of(place, record, now);
    if (auto* known = users_.find(record.user)) {
      for (auto& of : known->parts) carry_over(place, made, of, record.user, now, out);
      *known = std::move(made);
    } else {
      users_.seat(record.user, place.longest(), now, [&] { return std::move(made); });
    }
  }
}

Record Home::record_of(const std::string& name, User& user, Time now) {
  Record record{name, user.tally.cooling(now), {}};
  for (const auto& of : user.parts) record.parts.push_back(of.known);
  return record;
}

void Home::moved(const Place& place, const Place& before, Time now, Outbox& out) {
  young_until_ = now + place.longest();
  forget_gone(place, Duration{0}, now);
  std::map<std::string, std::vector<Record>> by_home;
  std::vector<std::string> gone;
  users_.each([&](const std::string& name, User& user) {
    const auto& home = place.home_of(name);
    if (home != place.self()) {
      by_home[home].push_back(record_of(name, user, now));
      gone.push_back(name);
    } else if (before.home_of(name) != place.self()) {  // he was asked for here before it was known
      for (const auto& node : place.ring.names()) out.emplace_back(node, Report{place.tenant, name, false});
    }
  });
  for (const auto& name : gone) users_.erase(name);
  hand_over(place.tenant, std::move(by_home), out);
}

void Home::leave(const Place& without, Time now, Outbox& out) {
  std::map<std::string, std::vector<Record>> by_home;
  users_.each([&](const std::string& name, User& user) {
    by_home[without.home_of(name)].push_back(record_of(name, user, now));
  });
  hand_over(without.tenant, std::move(by_home), out);
}

void Home::forget_gone(const Place& place, Duration silence, Time now) {
  looked_ = now;
  users_.each([&](const std::string&, User& user) {
    for (auto& of : user.parts)
      if (!place.ring.has(of.known.node) && now - of.heard >= silence) user.let_go(of, now);
  });
}

void Home::tick(const Place& place, Time now, Outbox& out) {
  if (now - looked_ >= kGone) forget_gone(place, kGone, now);
  while (!doubts_.empty() && doubts_.front().since + kDoubt <= now) {
    auto doubt = std::move(doubts_.front());
    doubts_.pop_front();
    auto* user = users_.find(doubt.user);
    const auto* of = user ? user->find(doubt.node) : nullptr;
    if (of == nullptr || std::none_of(of->granted.begin(), of->granted.end(),
                                      [&](const Grant& grant) { return grant.id == doubt.id; }))
      continue;
    out.emplace_back(doubt.node, Report{place.tenant, doubt.user, true});
    doubt.since = now;
    doubts_.push_back(std::move(doubt));
  }
}

void Home::reconfigure(const Place& place) {
  users_.each([&](const std::string&, User& user) { user.tally.reconfigure(place.limits); });
}

}  // namespace troupe::users
