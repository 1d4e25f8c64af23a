// What others say.
#include <algorithm>
#include <set>
#include <utility>

#include "cluster/members/membership.hpp"

namespace troupe::members {
namespace {

/// The most that an honest node puts into one message.
struct Within {
  bool operator()(const Welcome& it) const { return it.members.size() <= kRecords; }
  bool operator()(const Gossip& it) const { return it.news.size() <= kNews; }
  bool operator()(const Digest& it) const { return it.lines.size() <= kLines; }
  bool operator()(const Records& it) const { return it.members.size() <= kRecords; }
  bool operator()(const Want& it) const { return it.names.size() <= kLines; }
  bool operator()(const HealthNews& it) const { return it.facts.size() <= kFacts; }
  template <class Small>
  bool operator()(const Small& /*it*/) const {
    return true;
  }
};

}  // namespace

bool Membership::reads(const Message& message) const {
  return std::visit(Within{}, message);
}

Step Membership::hear(const std::string& from, const Message& message, Time now) {
  if (usurped_ || from == self_.name) return {};
  if (!reads(message)) {
    ++ignored_;
    return {};
  }
  std::visit([&](const auto& it) { take(from, it, now); }, message);
  return done();
}

bool Membership::welcomes() const {
  return self_.state == State::alive || (self_.state == State::joining && self_.voter);
}

void Membership::take(const std::string& from, const Join& message, Time now) {
  if (message.self.name != from || message.self.state != State::joining) {
    ++ignored_;
    return;
  }
  if (!welcomes()) return;
  absorb(message.self, now);
  const auto* guest = roster_.find(from);
  if (guest == nullptr) return;  // the table is full
  // The guest's own record first: that one lets it in.
  std::vector<Member> members{guest->member, self_};
  const auto flush = [&] { send(from, Welcome{std::exchange(members, {})}); };
  for (const auto& [name, entry] : roster_.entries()) {
    if (name == from || gone(entry.member.state)) continue;
    members.push_back(entry.member);
    if (members.size() == kRecords) flush();
  }
  if (!members.empty()) flush();
}

void Membership::take(const std::string& from, const Welcome& message, Time now) {
  const auto mine = std::find_if(message.members.begin(), message.members.end(),
                                 [&](const Member& member) { return member.name == self_.name; });
  const bool let_in =
      self_.state == State::joining && mine != message.members.end() && line_of(*mine) == line_of(self_);
  absorb(message.members, now);
  if (let_in) return admitted(now);
  // Remembered from an earlier life: ask again under the incarnation that absorb() has raised.
  if (self_.state == State::joining && mine != message.members.end()) ask_in(from);
}

void Membership::take(const std::string& from, const Gossip& message, Time now) {
  absorb(message.news, now);
  if (self_.state == State::joining || message.fingerprint == fingerprint() || now < digest_at_) return;
  digest_at_ = now + settings_.round / 2;
  send_digest(from);
}

void Membership::take(const std::string& from, const Digest& message, Time now) {
  std::vector<Member> newer_here;
  Want want;
  std::set<std::string_view> named;
  for (const auto& line : message.lines) {
    named.insert(line.name);
    if (const auto* known = record(line.name); known != nullptr && newer(line_of(*known), line)) {
      newer_here.push_back(*known);
      continue;
    }
    if (line.name == self_.name) {
      about_me(line, now);
      if (!usurped_ && newer(line_of(self_), line)) newer_here.push_back(self_);
      continue;
    }
    std::optional<Member> before;
    Roster::Merged merged{};
    if (!roster_.merge(line, now, &before, merged)) want.names.push_back(line.name);
    if (merged == Roster::Merged::replaced) learnt(before, *record(line.name), now);
  }
  if (usurped_) return;
  if (message.whole) {
    if (!named.contains(self_.name)) newer_here.push_back(self_);
    for (const auto& [name, entry] : roster_.entries())
      if (!gone(entry.member.state) && !named.contains(name)) newer_here.push_back(entry.member);
  }
  send_records(from, std::move(newer_here));
  if (!want.names.empty()) send(from, std::move(want));
}

void Membership::take(const std::string& /*from*/, const Records& message, Time now) {
  absorb(message.members, now);
}

void Membership::take(const std::string& from, const Want& message, Time /*now*/) {
  std::vector<Member> members;
  for (const auto& name : message.names) {
    if (const auto* known = record(name)) members.push_back(*known);
  }
  send_records(from, std::move(members));
}

void Membership::take(const std::string& from, const Inquiry& message, Time /*now*/) {
  const auto* known = roster_.find(message.about);
  const bool vouch =
      known != nullptr && known->member.incarnation == message.incarnation && reach_.linked(message.about);
  if (vouch) send(from, Voucher{message.about, message.incarnation});
}

void Membership::take(const std::string& /*from*/, const Voucher& message, Time now) {
  const auto* known = roster_.find(message.about);
  if (known != nullptr && known->member.incarnation == message.incarnation)
    reach_.vouched(message.about, now);
}

/// Heard by Health; nothing about members.
void Membership::take(const std::string& /*from*/, const HealthNews& /*message*/, Time /*now*/) {}

}  // namespace troupe::members
