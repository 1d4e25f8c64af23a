#include "cluster/engine/rows.hpp"

#include <algorithm>

#include "cluster/engine/reports.hpp"

namespace troupe::cluster {
namespace {

constexpr std::uint64_t kFirstId = 1'000'000;  // far above those of actors

double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

std::string_view name(link::State state) {
  switch (state) {
    case link::State::waiting:
      return "waiting";
    case link::State::connecting:
      return "connecting";
    case link::State::up:
      return "up";
  }
  return "";
}

class Rows {
 public:
  Rows(State& state, Time now) : state_(state), now_(now) {}

  Row& add(std::string type, const std::string& name, std::string_view state, Traffic::Count heard) {
    auto& id = state_.row_ids[{type, name}];
    if (id == 0) id = kFirstId + state_.row_ids.size();
    Row row;
    row.id = id;
    row.type = std::move(type);
    row.name = name;
    row.state = state;
    row.messages = heard.messages;
    row.last_message = heard.last;
    row.age_s = seconds(now_ - state_.began);
    rows_.push_back(std::move(row));
    return rows_.back();
  }
  std::vector<Row> take() { return std::move(rows_); }

 private:
  State& state_;
  Time now_;
  std::vector<Row> rows_;
};

void add_protocol(Rows& rows, const State& state, Time now) {
  const auto& agent = state.node.agent();
  const bool leased = agent.lease()->holds(now);
  const auto* office = state.node.allocator();
  rows.add("agent", state.name,
           leased           ? "leased"
           : agent.joined() ? "no lease"
                            : "joining",
           state.traffic.of_part("agent"))
      .detail = {{"allocator", agent.allocator()},
                 {"lease_s", leased ? seconds(agent.lease()->until() - now) : 0.0},
                 {"limits", state.limits.size()}};
  const auto& voters = state.node.settings().voters;
  if (std::find(voters.begin(), voters.end(), state.name) == voters.end()) return;
  rows.add("voter", state.name, state.node.copy_counts() ? "knows" : "catching up",
           state.traffic.of_part("voter"))
      .detail = {{"voters", voters}};
  auto& row =
      rows.add("allocator", state.name, office ? "in office" : "standby", state.traffic.of_part("allocator"));
  row.detail = {{"terms", state.node.terms()}};
  if (!office) return;
  row.detail["sessions"] = office->table().accounts().size();
  row.detail["limits"] = office->table().books().size();
}

}  // namespace

std::vector<Row> rows_of(State& state, const std::vector<link::PeerStats>& peers, Time now) {
  Rows rows(state, now);
  add_protocol(rows, state, now);
  for (const auto& [member, linked, age] : state.members.view(now)) {
    const bool me = member.name == state.name;
    auto& row = rows.add("member", member.name, members::name(member.state),
                         me ? state.traffic.of_part("member") : Traffic::Count{});
    row.age_s = seconds(age);
    row.detail = member_json(member, linked, age);
  }
  for (const auto& peer : peers) {
    auto& row = rows.add("peer", peer.name, name(peer.state), state.traffic.of_peer(peer.name));
    row.waiting = peer.queued;
    row.detail = link_json(peer);
  }
  return rows.take();
}

}  // namespace troupe::cluster
