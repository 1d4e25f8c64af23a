// How users change their home, with all that is known of them.
#include <algorithm>
#include <utility>

#include "actors/policy/users/home.hpp"

namespace troupe::users {

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

void Home::settle_in(const Place& place, const Record& record, Time now, Outbox& out) {
  auto made = made_of(place, record, now);
  if (auto* known = users_.find(record.user)) {
    for (auto& of : known->parts) carry_over(place, made, of, record.user, now, out);
    *known = std::move(made);
  } else {
    users_.seat(record.user, place.longest(), now, [&] { return std::move(made); });
  }
}

void Home::hear(const Place& place, const std::string& from, const Handover& handover, Time now,
                Outbox& out) {
  strangers_ = true;  // perhaps: it is looked for
  for (const auto& record : handover.records) settle_in(place, record, now, out);
  out.emplace_back(from, Taken{place.tenant, handover.boot, handover.id});
}

void Home::hear(const Place& place, const Taken& taken) {
  if (taken.boot != place.boot) return;
  std::erase_if(packets_, [&](const Packet& packet) { return packet.content.id == taken.id; });
}

/// A node may have gone and come back before its absence was noticed: what it had handed over is here still.
/// Whoever asks for our own part alone (`must`) has a count: two that think they are home would never end.
void Home::hear(const Place& place, const std::string& from, const Report& report, Time now, Outbox& out) {
  auto* user = users_.find(report.user);
  if (user == nullptr || report.must || from == place.self()) return;
  ByHome by_home;
  by_home[from].push_back(record_of(report.user, *user, now));
  if (place.home_of(report.user) != place.self()) users_.erase(report.user);
  pack(place, std::move(by_home), now, out);
}

Record Home::record_of(const std::string& name, User& user, Time now) {
  Record record{name, user.tally.cooling(now), {}};
  for (const auto& of : user.parts) record.parts.push_back(of.known);
  return record;
}

void Home::moved(const Place& place, const Place& before, Time now, Outbox& out) {
  young_until_ = now + place.longest();
  unpack(place, now, out);
  forget_gone(place, Duration{0}, now);
  ByHome by_home;
  users_.each([&](const std::string& name, User& user) {
    const auto& home = place.home_of(name);
    if (home != place.self()) {
      by_home[home].push_back(record_of(name, user, now));
    } else if (before.home_of(name) != place.self()) {  // he was asked for here before it was known
      for (const auto& node : place.ring.names()) out.emplace_back(node, Report{place.tenant, name, false});
    }
  });
  for (const auto& [home, records] : by_home)
    for (const auto& record : records) users_.erase(record.user);
  pack(place, std::move(by_home), now, out);
}

void Home::leave(const Place& without, Time now, Outbox& out) {
  ByHome by_home;
  users_.each([&](const std::string& name, User& user) {
    by_home[without.home_of(name)].push_back(record_of(name, user, now));
  });
  pack(without, std::move(by_home), now, out);
}

/// In packets that fit a frame.
void Home::pack(const Place& place, ByHome by_home, Time now, Outbox& out) {
  for (auto& [to, records] : by_home) {
    for (std::size_t i = 0; i < records.size(); i += kAtOnce) {
      Packet packet{to, {place.tenant, place.boot, ++packed_, {}}, now, now};
      for (auto j = i; j < std::min(records.size(), i + kAtOnce); ++j)
        packet.content.records.push_back(std::move(records[j]));
      send(packet, now, out);
      packets_.push_back(std::move(packet));
    }
  }
}

void Home::send(Packet& packet, Time now, Outbox& out) {
  auto content = packet.content;
  for (auto& record : content.records)
    for (auto& entry : record.cooled) entry.age += now - packet.made;
  packet.said = now;
  out.emplace_back(packet.to, std::move(content));
}

/// What was not taken goes where it belongs now.
void Home::unpack(const Place& place, Time now, Outbox& out) {
  for (auto& packet : std::exchange(packets_, {})) {
    for (auto& record : packet.content.records) {
      for (auto& entry : record.cooled) entry.age += now - packet.made;
      settle_in(place, record, now, out);
    }
  }
}

/// What is older than the longest window counts nowhere any more.
void Home::resend(const Place& place, Time now, Outbox& out) {
  std::erase_if(packets_, [&](const Packet& packet) { return now - packet.made >= place.longest(); });
  for (auto& packet : packets_)
    if (now - packet.said >= kAgain) send(packet, now, out);
}

}  // namespace troupe::users
