#include "cluster/members/membership.hpp"

#include <algorithm>
#include <utility>

#include "cluster/members/rendezvous.hpp"

namespace troupe::members {
namespace {

bool is_voter(const Settings& settings, std::string_view name) {
  return std::any_of(settings.voters.begin(), settings.voters.end(),
                     [&](const Peer& voter) { return voter.name == name; });
}

bool same_meta(const Member& a, const Member& b) {
  return a.address == b.address && a.voter == b.voter && a.draining == b.draining && a.revision == b.revision;
}

/// Why a member's record changed; nullopt when nobody need know.
std::optional<Why> reason(const std::optional<Member>& before, const Member& after) {
  if (!before) return Why::met;
  const bool reborn = after.incarnation > before->incarnation;
  if (after.state == State::left) return Why::left;
  if (after.state == State::dead)
    return before->state == State::dead && !reborn ? std::nullopt : std::optional(Why::given_up);
  if (after.state == State::suspect)
    return before->state == State::suspect && !reborn ? std::nullopt : std::optional(Why::suspected);
  if (reborn || gone(before->state)) return Why::returned;
  if (before->state == State::suspect) return Why::refuted;
  if (before->state == State::joining && after.state == State::alive) return Why::joined;
  return same_meta(*before, after) ? std::nullopt : std::optional(Why::changed);
}

}  // namespace

Membership::Membership(const Settings& settings, Time now, std::uint64_t seed)
    : settings_(settings),
      random_(seed),
      roster_(settings.most),
      since_(now),
      last_tick_(now),
      round_at_(now),
      hot_round_at_(now),
      digest_at_(now) {
  self_.name = settings.name;
  self_.address = settings.address;
  self_.incarnation = settings.incarnation;
  self_.voter = is_voter(settings, settings.name);
}

Step Membership::connected(const std::string& peer, Time now) {
  if (usurped_ || peer == self_.name || !may_join(peer)) return {};
  reach_.connected(peer);
  if (self_.state == State::joining)
    ask_in(peer);
  else
    send_digest(peer);
  // A suspect that can be reached must know, to clear its name.
  if (const auto* entry = roster_.find(peer); entry != nullptr && entry->member.state >= State::suspect)
    send_records(peer, {entry->member});
  round_at_ = std::min(round_at_, now + settings_.round);
  return done();
}

Step Membership::disconnected(const std::string& peer, Time now) {
  const auto* entry = roster_.find(peer);
  reach_.disconnected(peer, now);
  if (entry == nullptr || gone(entry->member.state)) reach_.drop(peer);
  return done();
}

Step Membership::leave(Time now) {
  if (usurped_ || self_.state == State::left) return {};
  self_.state = State::left;
  since_ = now;
  news_.tell(self_.name, roster_.size());
  for (const auto& peer : reach_.links()) send_records(peer, {self_});
  return done();
}

Step Membership::announce(std::uint64_t revision, std::uint64_t configuration, bool draining, Time /*now*/) {
  if (self_.revision == revision && self_.configuration == configuration && self_.draining == draining)
    return {};
  self_.revision = revision;
  self_.configuration = configuration;
  self_.draining = draining;
  ++self_.serial;
  news_.tell(self_.name, roster_.size());
  return done();
}

void Membership::absorb(const std::vector<Member>& members, Time now) {
  for (const auto& member : members) absorb(member, now);
}

void Membership::absorb(const Member& heard, Time now) {
  if (!well_formed(heard)) {
    ++ignored_;
    return;
  }
  if (heard.name == self_.name) return about_me(line_of(heard), now);
  std::optional<Member> before;
  const auto merged = roster_.merge(heard, now, &before);
  if (merged == Roster::Merged::full) ++refused_;
  if (merged == Roster::Merged::added || merged == Roster::Merged::replaced) learnt(before, heard, now);
}

void Membership::about_me(const Line& heard, Time now) {
  if (!newer(heard, line_of(self_)) || self_.state == State::left) return;
  const bool other_life = heard.incarnation > self_.incarnation;
  if (self_.state == State::joining) {
    // An earlier life of this node is remembered: nothing was done yet under this incarnation.
    self_.incarnation = heard.incarnation + 1;
    self_.serial = 0;
  } else if (other_life && !gone(heard.state)) {
    usurped_ = true;
    step_.send.clear();
    step_.events.push_back({self_.name, heard.incarnation, self_.state, std::nullopt, Why::name_taken});
    return;
  } else if (other_life) {
    self_.incarnation = heard.incarnation + 1;
    self_.serial = 0;
    step_.events.push_back({self_.name, self_.incarnation, heard.state, self_.state, Why::returned});
  } else {
    self_.serial = heard.serial + 1;
    step_.events.push_back({self_.name, self_.incarnation, heard.state, self_.state, Why::refuted});
  }
  news_.tell(self_.name, roster_.size());
  round_at_ = std::min(round_at_, now);
}

void Membership::learnt(const std::optional<Member>& before, const Member& after, Time now) {
  if (const auto why = reason(before, after)) {
    const auto from = before ? std::optional(before->state) : std::nullopt;
    step_.events.push_back({after.name, after.incarnation, from, after.state, *why});
  }
  news_.tell(after.name, roster_.size());
  if (gone(after.state))
    reach_.drop(after.name);
  else
    reach_.watch(after.name, now);
  // Only the node itself raises these: somebody has heard it.
  const bool spoke = !before || after.serial > before->serial || after.incarnation > before->incarnation;
  if (spoke) reach_.vouched(after.name, now);
  const bool wrongly = after.state == State::suspect || after.state == State::dead;
  if (wrongly && reach_.linked(after.name)) send_records(after.name, {after});
}

void Membership::admitted(Time now) {
  self_.state = State::alive;
  since_ = now;
  news_.tell(self_.name, roster_.size());
  step_.events.push_back({self_.name, self_.incarnation, State::joining, State::alive, Why::joined});
}

const Member* Membership::record(std::string_view name) const {
  if (name == self_.name) return &self_;
  const auto* entry = roster_.find(name);
  return entry == nullptr ? nullptr : &entry->member;
}

std::vector<MemberView> Membership::view(Time now) const {
  std::vector<MemberView> all{{self_, true, now - since_}};
  for (const auto& [name, entry] : roster_.entries())
    all.push_back({entry.member, reach_.linked(name), now - entry.since});
  std::sort(all.begin(), all.end(),
            [](const MemberView& a, const MemberView& b) { return a.member.name < b.member.name; });
  return all;
}

std::vector<std::string> Membership::alive() const {
  std::vector<std::string> names;
  if (in() && !self_.draining) names.push_back(self_.name);
  for (const auto& [name, entry] : roster_.entries()) {
    if (entry.member.state == State::alive && !entry.member.draining) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string Membership::responsible(std::string_view item) const {
  std::vector<std::string_view> willing, draining;
  const auto add = [&](const Member& member) {
    (member.draining ? draining : willing).push_back(member.name);
  };
  if (in()) add(self_);
  for (const auto& [name, entry] : roster_.entries()) {
    if (entry.member.state == State::alive) add(entry.member);
  }
  return std::string(elect(item, willing.empty() ? draining : willing));
}

std::vector<Peer> Membership::peers() const {
  std::vector<Peer> wanted;
  for (const auto& voter : settings_.voters) {
    if (voter.name != self_.name && roster_.find(voter.name) == nullptr) wanted.push_back(voter);
  }
  for (const auto& [name, entry] : roster_.entries()) {
    const bool voter = is_voter(settings_, name);
    if (voter || entry.member.state != State::left) wanted.push_back({name, entry.member.address});
  }
  std::sort(wanted.begin(), wanted.end(), [](const Peer& a, const Peer& b) { return a.name < b.name; });
  return wanted;
}

bool Membership::may_join(const std::string& name) const {
  return roster_.find(name) != nullptr || is_voter(settings_, name) || roster_.size() < settings_.most;
}

}  // namespace troupe::members
