#include "cluster/engine/reports.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cluster/engine/fingerprint.hpp"
#include "cluster/engine/hearsay.hpp"

namespace troupe::cluster {
namespace {

using nlohmann::json;

double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

double lease_left(const State& state, Time now) {
  const auto& lease = *state.node.agent().lease();
  return lease.holds(now) ? seconds(lease.until() - now) : 0;
}

const link::PeerStats* peer_named(const std::vector<link::PeerStats>& peers, const std::string& name) {
  const auto found =
      std::find_if(peers.begin(), peers.end(), [&](const auto& peer) { return peer.name == name; });
  return found == peers.end() ? nullptr : &*found;
}

std::vector<ConditionFigure> figures_of(const Conditions& conditions, Time now) {
  std::vector<ConditionFigure> out;
  for (std::size_t i = 0; i < kConditions; ++i) {
    const auto which = static_cast<Condition>(i);
    const auto seen = conditions.measured(which, now);
    out.push_back({std::string(name(which)), seen.now, seen.bound, seen.holds});
  }
  return out;
}

json own_share(const policy::Permits& permits, Time now) {
  return {{"available", permits.available(now)},
          {"reserved", permits.reserved()},
          {"used", permits.used()},
          {"returned", permits.returned()},
          {"waiting", permits.wanted()}};
}

/// What the nodes know of keys, and who found out.
json health_json(const members::Health& health, Time now) {
  auto rows = json::array();
  for (const auto& held : health.view(now)) {
    const auto word = hearsay_of(held);
    json row{{"key", held.fact.key},
             {"about", policy::name(word.about)},
             {"value", word.value},
             {"from", word.from}};
    row["for_s"] = word.until == kNever ? json(nullptr) : json(seconds(word.until - now));
    rows.push_back(std::move(row));
  }
  return rows;
}

json conditions_json(const State& state, Time now) {
  auto rows = json::array();
  for (const auto& one : figures_of(state.conditions, now))
    rows.push_back(
        {{"condition", one.name}, {"measured", one.measured}, {"bound", one.bound}, {"holds", one.holds}});
  return rows;
}

/// Of a voter: whether its copy of the account counts for a majority, and how far it has come.
json copy_json(const Node& node) {
  const auto* voter = node.voter();
  if (voter == nullptr) return nullptr;
  return {{"counts", node.copy_counts()},
          {"epoch", voter->stamp().epoch.number},
          {"holder", voter->stamp().epoch.holder},
          {"change", voter->stamp().seq}};
}

json book_json(const Book& book) {
  return {{"pool", book.pool}, {"cooling", book.cooling_sum}, {"unknown", book.unknown}};
}

}  // namespace

std::vector<std::string> others(const members::Membership& members, Time now) {
  std::vector<std::string> names;
  for (const auto& [member, linked, age] : members.view(now))
    if (member.name != members.self().name && !members::gone(member.state)) names.push_back(member.name);
  return names;
}

bool elsewhere(const members::Membership& members, Time now, std::uint64_t configuration) {
  const auto all = members.view(now);
  return std::any_of(all.begin(), all.end(), [&](const auto& other) {
    const auto& member = other.member;
    return member.name != members.self().name && !members::gone(member.state) &&
           member.configuration == configuration;
  });
}

bool mixed(const members::Membership& members, Time now) {
  const auto ours = members.self().configuration;
  const auto all = members.view(now);
  return std::any_of(all.begin(), all.end(), [&](const auto& other) {
    const bool here = !members::gone(other.member.state) && other.member.state != members::State::joining;
    return here && other.member.configuration != 0 && other.member.configuration != ours;
  });
}

json link_json(const link::PeerStats& peer) {
  return {{"up", peer.state == link::State::up},
          {"round_trip_ms", seconds(peer.round_trip) * 1e3},
          {"round_trip_max_ms", seconds(peer.round_trip_max) * 1e3},
          {"bytes_in", peer.bytes_in},
          {"bytes_out", peer.bytes_out},
          {"queued_bytes", peer.queued_bytes},
          {"dropped", peer.dropped},
          {"times_up", peer.times_up},
          {"clock_error", peer.clock ? json(peer.clock_error) : json(nullptr)},
          {"last_error", peer.last_error}};
}

json member_json(const members::Member& member, bool linked, Duration age) {
  return {{"name", member.name},
          {"address", member.address},
          {"state", members::name(member.state)},
          {"voter", member.voter},
          {"draining", member.draining},
          {"revision", member.revision},
          {"configuration", fingerprint_text(member.configuration)},
          {"incarnation", member.incarnation},
          {"linked", linked},
          {"age_s", seconds(age)}};
}

json event_json(const members::Event& event) {
  json out{{"member", event.member}, {"incarnation", event.incarnation}, {"why", members::name(event.why)}};
  if (event.from) out["from"] = members::name(*event.from);
  if (event.to) out["to"] = members::name(*event.to);
  return out;
}

json cluster_json(const State& state, const std::vector<link::PeerStats>& peers, Time now) {
  const auto& agent = state.node.agent();
  const auto* office = state.node.allocator();
  auto rows = json::array();
  for (const auto& [member, linked, age] : state.members.view(now)) {
    auto row = member_json(member, linked, age);
    row["allocator"] = member.name == agent.allocator();
    if (const auto* peer = peer_named(peers, member.name)) row["link"] = link_json(*peer);
    rows.push_back(std::move(row));
  }
  return {{"node", state.name},
          {"incarnation", state.incarnation},
          {"revision", state.revision},
          {"configuration", fingerprint_text(state.configuration)},
          {"mixed", mixed(state.members, now)},
          {"draining", state.draining},
          {"joined", agent.joined()},
          {"lease_s", lease_left(state, now)},
          {"allocator", agent.allocator()},
          {"in_office", office != nullptr},
          {"terms", state.node.terms()},
          {"ready", obstacle(state, now).empty()},
          {"obstacle", obstacle(state, now)},
          {"copy", copy_json(state.node)},
          {"conditions", conditions_json(state, now)},
          {"health", health_json(state.health, now)},
          {"members", std::move(rows)}};
}

json shares_json(const State& state, Time now) {
  const auto* office = state.node.allocator();
  auto rows = json::array();
  for (const auto& limit : state.limits) {
    json row{{"owner", limit.owner}, {"limit", limit_name(limit.which)}, {"units", limit.spec.units}};
    row["here"] = own_share(*state.permits.at(limit.spec.id), now);
    if (const auto own = state.floors.find(limit.spec.id); own != state.floors.end())
      row["here"]["floor"] = {{"available", own->second->available(now)},
                              {"reserved", own->second->slots()->reserved()}};
    const auto* book = office ? office->table().book(limit.spec.id) : nullptr;
    if (book) {
      row["account"] = book_json(*book);
      auto& nodes = row["nodes"] = json::object();
      for (const auto& [id, account] : office->table().accounts()) {
        const auto counters = account.counters.find(limit.spec.id);
        const auto held = counters == account.counters.end() ? 0 : counters->second.held();
        auto& entry = nodes[id.node];
        if (entry.is_null()) entry = {{"held", 0}, {"frozen", 0}};
        auto& sum = entry[account.frozen ? "frozen" : "held"];
        sum = sum.get<Units>() + held;
      }
    }
    rows.push_back(std::move(row));
  }
  return {{"node", state.name}, {"in_office", office != nullptr}, {"limits", std::move(rows)}};
}

EngineFigures figures_of(const State& state, const std::vector<link::PeerStats>& peers, Time now) {
  EngineFigures out;
  for (const auto& [member, linked, age] : state.members.view(now))
    ++out.members[std::string(members::name(member.state))];
  for (const auto& peer : peers) {
    out.bytes_in += peer.bytes_in;
    out.bytes_out += peer.bytes_out;
    if (peer.state != link::State::up) continue;
    out.round_trips[peer.name] = seconds(peer.round_trip);
    if (peer.clock) out.clock_errors[peer.name] = peer.clock_error;
  }
  out.allocator = state.node.allocator() != nullptr;
  out.mixed = mixed(state.members, now);
  out.joined = state.node.agent().joined();
  out.lease_s = lease_left(state, now);
  out.conditions = figures_of(state.conditions, now);
  return out;
}

}  // namespace troupe::cluster
