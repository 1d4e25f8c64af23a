// What time brings: suspicion, death, forgetting, gossip.
#include <algorithm>
#include <utility>

#include "cluster/members/membership.hpp"

namespace troupe::members {

Step Membership::tick(Time now) {
  if (usurped_) return {};
  if (now - last_tick_ > settings_.suspect_after) reach_.excuse(now);
  last_tick_ = now;
  const bool alone = self_.voter && settings_.voters.size() == 1;
  if (self_.state == State::joining && alone) admitted(now);
  if (self_.state == State::alive) {
    judge(now);
    ask(now);
  }
  gossip(now);
  return done();
}

void Membership::judge(Time now) {
  std::vector<std::string> names;
  for (const auto& [name, entry] : roster_.entries()) names.push_back(name);
  for (const auto& name : names) judge(name, now);
}

void Membership::judge(const std::string& name, Time now) {
  const auto& entry = *roster_.find(name);
  const auto state = entry.member.state;
  if (gone(state)) {
    if (now - entry.since < settings_.forget_after) return;
    step_.events.push_back({name, entry.member.incarnation, state, std::nullopt, Why::forgotten});
    news_.drop(name);
    roster_.forget(name);
    return;
  }
  if (reach_.linked(name)) return;
  const bool suspects = state != State::suspect && reach_.silent(name, settings_.suspect_after, now);
  const bool gives_up = state == State::suspect && now - entry.since >= settings_.dead_after;
  if (!suspects && !gives_up) return;
  auto verdict = entry.member;
  verdict.state = suspects ? State::suspect : State::dead;
  absorb(verdict, now);
}

void Membership::ask(Time now) {
  for (const auto& name : reach_.questions(settings_.ask_every, now)) {
    const auto* entry = roster_.find(name);
    if (entry == nullptr) {
      reach_.drop(name);
      continue;
    }
    for (const auto& peer : some_links(settings_.fanout))
      send(peer, Inquiry{name, entry->member.incarnation});
  }
}

void Membership::gossip(Time now) {
  const bool hot = self_.state != State::joining && !news_.empty() && now >= hot_round_at_;
  if (!hot && now < round_at_) return;
  round_at_ = now + settings_.round;
  hot_round_at_ = now + settings_.hot_round;
  for (const auto& peer : some_links(settings_.fanout)) {
    if (self_.state == State::joining) {
      ask_in(peer);
      continue;
    }
    Gossip message{fingerprint(), {}};
    for (const auto& name : news_.take(kNews)) {
      if (const auto* known = record(name)) message.news.push_back(*known);
    }
    send(peer, std::move(message));
  }
  // A suspect that this node reaches may not have heard of it.
  for (const auto& [name, entry] : roster_.entries()) {
    const auto state = entry.member.state;
    const bool wrongly = state == State::suspect || state == State::dead;
    if (wrongly && reach_.linked(name)) send_records(name, {entry.member});
  }
}

void Membership::ask_in(const std::string& peer) {
  send(peer, Join{self_});
}

void Membership::send(const std::string& to, Message message) {
  step_.send.push_back({to, std::move(message)});
}

void Membership::send_digest(const std::string& to) {
  Digest digest;
  digest.whole = roster_.size() < kLines;
  digest.lines.push_back(line_of(self_));
  auto next = digest.whole ? roster_.entries().begin() : roster_.entries().lower_bound(digest_from_);
  while (digest.lines.size() < kLines && digest.lines.size() <= roster_.size()) {
    if (next == roster_.entries().end()) next = roster_.entries().begin();
    digest.lines.push_back(line_of(next->second.member));
    ++next;
  }
  digest_from_ = next == roster_.entries().end() ? std::string() : next->first;
  send(to, std::move(digest));
}

void Membership::send_records(const std::string& to, std::vector<Member> members) {
  for (std::size_t at = 0; at < members.size(); at += kRecords) {
    const auto end = std::min(at + kRecords, members.size());
    send(to, Records{{members.begin() + static_cast<std::ptrdiff_t>(at),
                      members.begin() + static_cast<std::ptrdiff_t>(end)}});
  }
}

std::vector<std::string> Membership::some_links(std::size_t count) {
  std::vector<std::string> all;
  for (const auto& name : reach_.links()) {
    const auto* entry = roster_.find(name);
    if (entry == nullptr || entry->member.state != State::left) all.push_back(name);
  }
  count = std::min(count, all.size());
  for (std::size_t at = 0; at < count; ++at) std::swap(all[at], all[at + random_.below(all.size() - at)]);
  all.resize(count);
  return all;
}

}  // namespace troupe::members
