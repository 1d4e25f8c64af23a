#include "cluster/members/roster.hpp"

#include <algorithm>
#include <tuple>

#include "cluster/members/rendezvous.hpp"

namespace troupe::members {

bool newer(const Line& a, const Line& b) {
  return std::tie(a.incarnation, a.serial, a.state) > std::tie(b.incarnation, b.serial, b.state);
}

bool well_formed(const Member& member) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !member.name.empty() && member.name.size() <= 63 && member.address.size() <= 260 &&
         std::all_of(member.name.begin(), member.name.end(), letter) && member.state <= State::left;
}

std::uint64_t Roster::weight(const Line& line) {
  if (gone(line.state)) return 0;
  const auto version =
      stable_hash({}, line.incarnation) + line.serial * 8 + static_cast<std::uint64_t>(line.state);
  return stable_hash(line.name, version);
}

const Roster::Entry* Roster::find(std::string_view name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? nullptr : &found->second;
}

void Roster::forget(const std::string& name) {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return;
  fingerprint_ -= weight(line_of(found->second.member));
  entries_.erase(found);
}

void Roster::put(Entry& entry, const Member& member, Time now) {
  fingerprint_ += weight(line_of(member)) - weight(line_of(entry.member));
  const bool other_life = entry.member.incarnation != member.incarnation;
  const bool again = member.state == State::suspect && entry.member.serial != member.serial;
  if (entry.member.state != member.state || other_life || again) entry.since = now;
  entry.member = member;
}

Roster::Merged Roster::merge(const Member& heard, Time now, std::optional<Member>* before) {
  const auto found = entries_.find(heard.name);
  if (found == entries_.end()) {
    if (gone(heard.state)) return Merged::nothing;
    if (entries_.size() >= most_) return Merged::full;
    fingerprint_ += weight(line_of(heard));
    entries_.emplace(heard.name, Entry{heard, now});
    return Merged::added;
  }
  if (!newer(line_of(heard), line_of(found->second.member))) return Merged::nothing;
  if (before != nullptr) *before = found->second.member;
  put(found->second, heard, now);
  return Merged::replaced;
}

bool Roster::merge(const Line& heard, Time now, std::optional<Member>* before, Merged& merged) {
  merged = Merged::nothing;
  const auto* known = find(heard.name);
  if (known == nullptr) return gone(heard.state);
  auto record = known->member;
  const bool same_life = record.incarnation == heard.incarnation && record.serial == heard.serial;
  if (!same_life) return !newer(heard, line_of(record));
  record.state = heard.state;
  merged = merge(record, now, before);
  return true;
}

}  // namespace troupe::members
