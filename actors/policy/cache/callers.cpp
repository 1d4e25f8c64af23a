#include "actors/policy/cache/callers.hpp"

#include <algorithm>
#include <utility>

namespace troupe::cache {
namespace {

/// The oldest answer that any of them takes.
Duration longest(const auto& waiting) {
  Duration most{0};
  for (const auto& caller : waiting) most = std::max(most, caller.max_age);
  return most;
}

}  // namespace

std::size_t Callers::waiting() const {
  std::size_t sum = 0;
  for (const auto& [key, question] : questions_) sum += question.waiting.size();
  return sum;
}

bool Callers::silent(const std::string& owner, Time now) const {
  const auto found = silent_.find(owner);
  return found != silent_.end() && now < found->second;
}

void Callers::put(const Digest& key, Question& question, Time now, Outbox& out) {
  question.said = now;
  out.emplace_back(question.owner, Look{key, question.id, longest(question.waiting)});
}

void Callers::ask(const Ring& ring, const Digest& key, Ticket ticket, Duration max_age, Time now, Outbox& out,
                  Telling& told) {
  const auto known = questions_.find(key);
  if (known != questions_.end()) {
    known->second.waiting.push_back({ticket, max_age});
    return;
  }
  if (questions_.size() >= kQuestions) return told.push_back({ticket, nullptr, {}});
  auto& question = questions_[key];
  question.owner = ring.owner(key);
  question.id = next_++;
  question.heard = now;
  question.waiting.push_back({ticket, max_age});
  if (!silent(question.owner, now)) return put(key, question, now, out);
  lead(question, told);
}

bool Callers::lead(Question& question, Telling& told) {
  if (question.waiting.empty()) return false;
  question.stage = Stage::leading;
  question.leader = question.waiting.front().ticket;
  question.waiting.erase(question.waiting.begin());
  told.push_back({question.leader, nullptr, {}});
  return true;
}

/// To all who take one of that age.
void Callers::give(Question& question, const EntryPtr& entry, Duration age, Telling& told) {
  for (const auto& caller : std::exchange(question.waiting, {})) {
    if (age <= caller.max_age) {
      told.push_back({caller.ticket, entry, age});
    } else {
      told.push_back({caller.ticket, nullptr, {}});
    }
  }
}

void Callers::end(const Ring& ring, const Digest& key, Ticket ticket, const End& how, Time now, Outbox& out,
                  Telling& told) {
  const auto at = questions_.find(key);
  const bool leads = at != questions_.end() && at->second.leader == ticket;
  if (!leads) return end_outside(ring, at, key, ticket, how, out, told);
  auto& question = at->second;
  if (!how.entry && !how.open && ++question.failures < kFailures && lead(question, told)) {
    question.said = now;
    out.emplace_back(question.owner, Renew{key, question.id});
    return;
  }
  ended(ring, at, how, out, told);
}

/// Of a caller that waits or went by itself: an answer of the latter is as good as the leader's.
void Callers::end_outside(const Ring& ring, Questions::iterator at, const Digest& key, Ticket ticket,
                          const End& how, Outbox& out, Telling& told) {
  const auto& owner = ring.owner(key);
  if (how.entry && (owner == ring.self() || how.entry->size() <= kTravels))
    out.emplace_back(owner, Fill{key, 0, how.entry, how.ttl});
  if (at == questions_.end()) return;
  auto& question = at->second;
  if (how.entry) give(question, how.entry, Duration::zero(), told);
  std::erase_if(question.waiting, [&](const Caller& caller) { return caller.ticket == ticket; });
  if (question.stage == Stage::leading || !question.waiting.empty()) return;
  out.emplace_back(question.owner, Drop{key, question.id, false});
  questions_.erase(at);
}

void Callers::ended(const Ring& ring, Questions::iterator at, const End& how, Outbox& out, Telling& told) {
  auto& [key, question] = *at;
  const auto& owner = ring.owner(key);
  const bool keeps = how.entry && (owner == ring.self() || how.entry->size() <= kTravels);
  give(question, how.entry, Duration::zero(), told);
  if (keeps) out.emplace_back(owner, Fill{key, question.id, how.entry, how.ttl});
  if (!keeps || owner != question.owner) {
    const bool open = how.open || how.entry || question.failures >= kFailures;
    out.emplace_back(question.owner, Drop{key, question.id, open});
  }
  questions_.erase(at);
}

void Callers::hear(const std::string& from, const Message& message, Time now, Outbox& out, Telling& told) {
  const auto open = [&](const auto& word) {
    const auto at = questions_.find(word.key);
    const bool ours = at != questions_.end() && at->second.id == word.id && at->second.owner == from;
    if (ours) at->second.heard = now;
    silent_.erase(from);
    return ours ? at : questions_.end();
  };
  if (const auto* hit = std::get_if<Hit>(&message)) {
    const auto at = open(*hit);
    if (at == questions_.end() || !hit->entry) return;
    give(at->second, hit->entry, hit->age, told);
    if (at->second.stage != Stage::leading) questions_.erase(at);
  } else if (const auto* leads = std::get_if<Lead>(&message)) {
    const auto at = open(*leads);
    if (at == questions_.end()) {
      out.emplace_back(from, Drop{leads->key, leads->id, false});  // whoever asked went away
    } else if (at->second.stage != Stage::leading) {
      lead(at->second, told);
    }
  } else if (const auto* waits = std::get_if<Wait>(&message)) {
    const auto at = open(*waits);
    if (at != questions_.end() && at->second.stage == Stage::asked) at->second.stage = Stage::parked;
  }
}

void Callers::tick(const Ring& ring, Time now, Outbox& out, Telling& told) {
  std::erase_if(silent_, [&](const auto& one) { return one.second <= now; });
  for (auto& [key, question] : questions_) tick(ring, key, question, now, out, told);
}

void Callers::tick(const Ring& ring, const Digest& key, Question& question, Time now, Outbox& out,
                   Telling& told) {
  const auto& owner = ring.owner(key);
  const bool leading = question.stage == Stage::leading;
  if (owner != question.owner) {
    if (ring.has(question.owner)) out.emplace_back(question.owner, Drop{key, question.id, false});
    question.owner = owner;
    question.heard = question.said = now;
    if (leading) {
      out.emplace_back(owner, Renew{key, question.id});
    } else {
      question.stage = Stage::asked;
      put(key, question, now, out);
    }
    return;
  }
  const auto patience = question.stage == Stage::asked ? kPatience : kLost;
  if (!leading && now - question.heard >= patience) {
    silent_[owner] = now + kSilence;
    lead(question, told);
  } else if (now - question.said >= kAgain) {
    question.said = now;
    if (leading) {
      out.emplace_back(owner, Renew{key, question.id});
    } else {
      put(key, question, now, out);
    }
  }
}

}  // namespace troupe::cache
