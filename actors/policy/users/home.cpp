#include "actors/policy/users/home.hpp"

#include <algorithm>
#include <utility>

namespace troupe::users {
namespace {

constexpr Duration kFull = std::chrono::seconds(1);  // until a newcomer who found no seat may try again

bool contains(const std::vector<std::uint64_t>& ids, std::uint64_t id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
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
    if (node != from || from != place.self()) out.emplace_back(node, Report{place.tenant, name, false});
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
  strangers_ |= !place.ring.has(from);
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
  strangers_ |= !place.ring.has(from);
  for (const auto& line : lines.lines) {
    // One who is not known here and has his home elsewhere: it is said again until nodes agree who that is.
    if (place.home_of(line.user) != place.self() && users_.find(line.user) == nullptr) continue;
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

void Home::forget_gone(const Place& place, Duration silence, Time now) {
  looked_ = now;
  strangers_ = false;
  users_.each([&](const std::string&, User& user) {
    for (auto& of : user.parts) {
      if (place.ring.has(of.known.node)) continue;
      if (now - of.heard >= silence) user.let_go(of, now);
      strangers_ |= of.known.calls > 0 || !of.granted.empty();
    }
  });
}

void Home::tick(const Place& place, Time now, Outbox& out) {
  if (now - looked_ >= kGone) forget_gone(place, kGone, now);
  resend(place, now, out);
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
