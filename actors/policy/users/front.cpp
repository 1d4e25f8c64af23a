#include "actors/policy/users/front.hpp"

#include <algorithm>
#include <utility>

namespace troupe::users {
namespace {

constexpr Duration kFull = std::chrono::seconds(1);  // until a newcomer who found no seat may try again

}  // namespace

Front::User* Front::seat(const Place& place, const std::string& name, Time now) {
  auto* user = users_.seat(name, place.longest(), now, [&] {
    User made(place.limits);
    made.home = place.home_of(name);
    made.born = made.version = ++clock_;
    return made;
  });
  return user;
}

bool Front::silent(const std::string& home, Time now) const {
  const auto found = silent_.find(home);
  return found != silent_.end() && now < found->second;
}

void Front::ask(const Place& place, const std::string& name, Ticket ticket, const Amounts& needed,
                bool shared, Time now, Outbox& out, Telling& told) {
  reclaim(place, now, out);
  issued_ = std::max(issued_, ticket);
  auto* user = seat(place, name, now);
  if (user == nullptr) {
    Decision full;
    full.granted = false;
    full.reason = policy::RefusalReason::concurrency;
    full.limit = place.limits.concurrency;
    full.retry = kFull;
    return told.push_back({ticket, full});
  }
  if (!shared) return told.push_back({ticket, decide(*user, name, ticket, needed, now)});
  if (silent(user->home, now) || questions_.size() >= kQuestions) {
    ++figures_.alone;
    told.push_back({ticket, decide(*user, name, ticket, needed, now)});
    return changed(place, *user, name, now, out);
  }
  if (user->home != place.self()) ++figures_.asked;
  questions_.emplace(ticket, Question{name, needed, now});
  user->open.push_back(ticket);
  user->version = ++clock_;
  put(place, *user, name, ticket, needed, now, out);
}

void Front::put(const Place& place, User& user, const std::string& name, Ticket ticket, const Amounts& needed,
                Time now, Outbox& out) {
  out.emplace_back(user.home,
                   Ask{place.tenant, place.boot, ticket, needed, line_of(name, user, user.noted == 0, now)});
  user.said = user.version;
  user.said_at = now;
}

/// By what this node alone admitted.
Decision Front::decide(User& user, const std::string& name, Ticket ticket, const Amounts& needed, Time now) {
  auto decision = user.tally.weigh(needed, now);
  if (!decision.granted) return decision;
  take(user, name, ticket, needed, now);
  user.tally.tell_left(decision, now);
  return decision;
}

void Front::take(User& user, const std::string& name, Ticket ticket, const Amounts& needed, Time now) {
  user.tally.hold(needed, 1);
  user.held += needed;
  user.version = ++clock_;
  calls_.emplace(ticket, Call{name, needed, now});
}

void Front::close(User& user, Ticket ticket) {
  std::erase(user.open, ticket);
  user.version = ++clock_;
}

void Front::use(User& user, const Amounts& amounts, Time seen, Time now) {
  user.tally.cool(amounts, seen, now);
  user.total += amounts;
  if (user.noted == 0) return;  // the home hears the whole
  user.fresh.push_back({clock_ + 1, seen, amounts});
  if (user.fresh.size() <= kAtOnce) return;
  auto oldest = user.fresh.front();
  user.fresh.pop_front();
  user.fresh.front().amounts += oldest.amounts;
}

void Front::begun(const Place& place, Ticket ticket, Time at, Time now, Outbox& out) {
  const auto call = calls_.find(ticket);
  if (call == calls_.end() || call->second.held.requests == 0) return;
  auto* user = users_.find(call->second.user);
  if (user == nullptr) return;
  const Amounts request{1, 0, 0, 0};
  call->second.held -= request;
  user->held -= request;
  user->tally.release(request, 0);
  use(*user, request, std::clamp(at, call->second.since, now), now);
  changed(place, *user, call->second.user, now, out);
}

void Front::end(const Place& place, Ticket ticket, const Ended& how, Time now, Outbox& out) {
  auto call = calls_.extract(ticket);
  if (call.empty()) return;
  const auto& [name, held, since] = call.mapped();
  auto* user = users_.find(name);
  if (user == nullptr) return;
  users_.touch(name, now);
  user->held -= held;
  user->tally.release(held, 1);
  if (how.called) {
    const auto in = std::max<std::int64_t>(0, how.input.count),
               out_tokens = std::max<std::int64_t>(0, how.output.count);
    if (held.requests > 0) use(*user, {1, 0, 0, 0}, std::clamp(now - how.took, since, now), now);
    use(*user, {0, in + out_tokens, in, out_tokens}, now, now);
  }
  changed(place, *user, name, now, out);
}

/// What others wait for is said at once; all else may wait for a tick.
void Front::changed(const Place& place, User& user, const std::string& name, Time now, Outbox& out) {
  user.version = ++clock_;
  list(user, name);
  if (silent(user.home, now) || (user.home != place.self() && !place.urgent())) return;
  out.emplace_back(user.home, Lines{place.tenant, place.boot, {line_of(name, user, user.noted == 0, now)}});
  user.said = user.version;
  user.said_at = now;
}

void Front::list(User& user, const std::string& name) {
  if (std::exchange(user.listed, true)) return;
  unsaid_.push_back(name);
}

Line Front::line_of(const std::string& name, User& user, bool whole, Time now) const {
  Line line{name,      user.version, user.born, issued_, user.open, user.tally.calls(),
            user.held, user.total,   {},        {}};
  for (const auto& use : user.fresh) line.fresh.push_back({std::max(Duration{0}, now - use.at), use.amounts});
  if (whole) line.whole = user.tally.cooling(now);
  return line;
}

void Front::hear(const Place& place, const std::string& from, const Answer& answer, Time now, Outbox& out,
                 Telling& told) {
  if (answer.boot != place.boot) return;
  if (answer.version > 0)
    hear(place, from, Noted{place.tenant, answer.boot, {{answer.user, answer.version}}});
  silent_.erase(from);
  const auto question = questions_.extract(answer.id);
  auto* user = users_.find(answer.user);
  if (user == nullptr) return;
  if (!question.empty()) {
    close(*user, answer.id);
    told.push_back({answer.id, answered(*user, answer, question.mapped(), now)});
    if (from == user->home && told.back().decision.granted == answer.decision.granted) return;
  } else if (!answer.decision.granted || calls_.contains(answer.id)) {
    return;
  }
  changed(place, *user, answer.user, now, out);  // a home knows too little, or granted to nobody
}

/// No node ever admits more than the limit by itself, whatever it hears.
Decision Front::answered(User& user, const Answer& answer, const Question& question, Time now) {
  if (!answer.decision.granted) return answer.decision;
  auto own = user.tally.weigh(question.needed, now);
  if (!own.granted) return own;
  take(user, answer.user, answer.id, question.needed, question.since);
  return answer.decision;
}

void Front::hear(const Place& place, const std::string& from, const Noted& noted) {
  silent_.erase(from);
  if (noted.boot != place.boot) return;
  for (const auto& [name, version] : noted.versions) {
    auto* user = users_.find(name);
    if (user == nullptr || user->home != from || version < user->born || version > user->version) continue;
    user->noted = std::max(user->noted, version);
    while (!user->fresh.empty() && user->fresh.front().version <= version) user->fresh.pop_front();
  }
}

void Front::hear(const Place& place, const std::string& from, const Report& report, Time now, Outbox& out) {
  silent_.erase(from);
  Lines lines{place.tenant, place.boot, {}};
  auto* user = users_.find(report.user);
  if (user != nullptr && user->home == from) {
    user->noted = 0;
    list(*user, report.user);
  }
  if (user == nullptr) {
    if (!report.must) return;
    const auto version = ++clock_;
    lines.lines.push_back({report.user, version, version, issued_, {}, 0, {}, {}, {}, std::vector<Cooled>{}});
  } else {
    lines.lines.push_back(line_of(report.user, *user, true, now));
  }
  out.emplace_back(from, std::move(lines));
  if (user == nullptr || user->home != from) return;
  for (const auto ticket : user->open) {
    const auto question = questions_.find(ticket);
    if (question != questions_.end())
      put(place, *user, report.user, ticket, question->second.needed, now, out);
  }
}

void Front::tick(const Place& place, Time now, Outbox& out, Telling& told) {
  std::erase_if(silent_, [&](const auto& one) { return one.second <= now; });
  reclaim(place, now, out);
  give_up(place, now, out, told);
  renew(place, now);
  say_all(place, now, out);
}

/// Whoever has waited long enough is decided here.
void Front::give_up(const Place& place, Time now, Outbox& out, Telling& told) {
  while (!questions_.empty() && questions_.begin()->second.since + kPatience <= now) {
    const auto question = questions_.extract(questions_.begin());
    const auto& [name, needed, since] = question.mapped();
    auto* user = users_.find(name);
    if (user == nullptr) continue;
    silent_[user->home] = now + kSilence;
    ++figures_.alone;
    close(*user, question.key());
    told.push_back({question.key(), decide(*user, name, question.key(), needed, now)});
    changed(place, *user, name, now, out);
  }
}

/// What is under way is said again now and then: a home may have let go of it.
void Front::renew(const Place& place, Time now) {
  if (now - renewed_ < kRenewal) return;
  renewed_ = now;
  for (const auto& [ticket, call] : calls_) {
    auto* user = users_.find(call.user);
    if (user == nullptr || user->listed || user->home == place.self()) continue;
    user->version = ++clock_;
    list(*user, call.user);
  }
}

void Front::say_all(const Place& place, Time now, Outbox& out) {
  std::map<std::string, Lines> by_home;
  std::erase_if(unsaid_, [&](const std::string& name) {
    auto* user = users_.find(name);
    if (user == nullptr) return true;
    if (user->noted == user->version) {
      user->listed = false;
      return true;
    }
    const bool known = user->said == user->version || silent(user->home, now);
    if (known && now - user->said_at < kAgain) return false;
    auto& lines = by_home.try_emplace(user->home, Lines{place.tenant, place.boot, {}}).first->second;
    lines.lines.push_back(line_of(name, *user, user->noted == 0, now));
    user->said = user->version;
    user->said_at = now;
    if (lines.lines.size() >= kAtOnce)
      out.emplace_back(user->home, std::exchange(lines, {place.tenant, place.boot, {}}));
    return false;
  });
  for (auto& [home, lines] : by_home)
    if (!lines.lines.empty()) out.emplace_back(home, std::move(lines));
}

void Front::reclaim(const Place& place, Time now, Outbox& out) {
  while (!calls_.empty() && calls_.begin()->second.since + kLongestCall <= now) {
    const auto held = calls_.begin()->second.held;
    end(place, calls_.begin()->first, {true, {held.input}, {held.tokens - held.input}, kLongestCall}, now,
        out);
  }
}

void Front::moved(const Place& place, Time now, Outbox& out) {
  users_.each([&](const std::string& name, User& user) {
    const auto& home = place.home_of(name);
    if (home == user.home) return;
    user.home = home;
    user.noted = user.said = 0;
    user.fresh.clear();
    if (!user.busy() && user.tally.cooling(now).empty()) return;
    user.version = ++clock_;
    list(user, name);
    for (const auto ticket : user.open) {
      const auto question = questions_.find(ticket);
      if (question != questions_.end()) put(place, user, name, ticket, question->second.needed, now, out);
    }
  });
}

void Front::restart() {
  for (const auto& [ticket, question] : questions_) {
    auto* user = users_.find(question.user);
    if (user == nullptr) continue;
    close(*user, ticket);
    list(*user, question.user);
  }
  questions_.clear();
}

void Front::reconfigure(const Place& place) {
  users_.each([&](const std::string&, User& user) { user.tally.reconfigure(place.limits); });
}

const Tally* Front::tally(const std::string& user) {
  const auto* found = users_.find(user);
  return found == nullptr ? nullptr : &found->tally;
}

}  // namespace troupe::users
