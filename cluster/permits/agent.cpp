#include "cluster/permits/agent.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "cluster/permits/floors.hpp"

namespace troupe::cluster {
namespace {

constexpr Duration kVoidMargin =
    std::chrono::milliseconds(50);  // an admission that began under the lease is over
constexpr Duration kSilence = std::chrono::milliseconds(750);  // then every voter is asked
constexpr Duration kAskAll = std::chrono::milliseconds(100);
constexpr double kRateSeconds = 4.0;
constexpr Duration kAskAgain = std::chrono::milliseconds(50);  // while calls wait
constexpr std::size_t kRemembered = 64;
constexpr int kEntries = 1024;
constexpr Units kMostMissed = 64;  // calls that were turned away count as waiting, up to so many

double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

policy::Outlook outlook(const GrantLine& said, Time now, Time asked) {
  using std::chrono::milliseconds;
  return {said.units, said.left, now + milliseconds(said.next_ms), now + milliseconds(said.full_ms),
          asked,      0};
}

}  // namespace

Agent::Agent(NodeName me, std::uint64_t incarnation, std::vector<NodeName> voters, Timing timing)
    : me_(me), voters_(std::move(voters)), timing_(timing), session_{std::move(me), incarnation, 1} {}

std::shared_ptr<Permits> Agent::permits(const LimitSpec& limit) {
  auto& line = lines_[limit.id];
  if (!line.permits) {
    line.permits =
        std::make_shared<Permits>(limit.kind, limit.kind == LimitKind::floor ? floor_lease_ : lease_);
    line.spec = limit;
  }
  return line.permits;
}

void Agent::configure(const Limits& limits) {
  std::set<LimitId> named;
  bool changed = false;
  for (const auto& limit : limits) {
    named.insert(limit.id);
    permits(limit);
    auto& line = lines_.at(limit.id);
    if (line.configured && line.spec == limit) continue;
    line.spec = limit;
    line.configured = changed = true;
  }
  for (auto& [id, line] : lines_) {
    if (named.count(id) || !line.configured) continue;
    line.configured = false;
    changed = true;
  }
  if (!changed) return;
  told_all_ = kLongAgo;
  hurry_ = true;
}

std::shared_ptr<Floor> Agent::floor(const LimitSpec& limit) {
  const auto found = lines_.find(floor_of(limit.id));
  if (found == lines_.end()) return nullptr;
  auto& line = found->second;
  if (!line.floor) line.floor = std::make_shared<Floor>(limit.kind, after_use(limit, timing_), line.permits);
  return line.floor;
}

const Lease& Agent::lease_of(const Line& line) const {
  return line.spec.kind == LimitKind::floor ? *floor_lease_ : *lease_;
}

/// A thousand entries a window, whatever happens.
void Agent::remember(Line& line, Use use) {
  auto& history = line.history;
  if (!history.empty() && use.until - history.back().since < line.spec.window / kEntries) {
    history.back().until = use.until;
    history.back().units += use.units;
  } else {
    history.push_back(use);
  }
}

void Agent::sample(Time now) {
  const double span = seconds(now - sampled_);
  for (auto& [id, line] : lines_) {
    if (line.floor) line.floor->cool(now);
    const auto used = line.permits->used();
    if (used > line.sampled && line.spec.kind != LimitKind::concurrency)
      remember(line, {sampled_, now, used - line.sampled});
    line.sampled = used;
    while (!line.history.empty() && now - line.history.front().since >= line.spec.window)
      line.history.pop_front();
    const auto asked = line.permits->asked();
    const double weight = 1 - std::exp(-span / kRateSeconds);
    if (span > 0) line.rate += weight * (static_cast<double>(asked - line.asked) / span - line.rate);
    if (line.rate < 1e-4) line.rate = 0;
    line.asked = asked;
  }
  sampled_ = now;
}

void Agent::void_lapsed(Time now) {
  for (auto& [id, line] : lines_) {
    if (now >= lease_of(line).until() + kVoidMargin) line.permits->give_back(0);
  }
}

/// Permits whose lease is over are not claimed: the other account may have given them to somebody else.
void Agent::open_session(Lineage target, bool with_claim, Time now) {
  sample(now);
  void_lapsed(now);
  ++session_.serial;
  seq_ = acknowledged_ = 0;
  unacknowledged_.clear();
  joined_ = false;
  target_ = target;
  carried_.clear();
  claimed_history_.clear();
  for (auto& [id, line] : lines_) {
    const bool carry = with_claim && lease_of(line).holds(now);
    line.used_before = line.permits->used();
    line.returned_before = line.permits->returned();
    if (!carry) line.permits->forfeit();
    line.told = carry ? line.permits->held() : 0;
    line.reported = line.agreed = -1;
    if (line.told > 0) carried_.emplace_back(id, line.told);
    if (with_claim) claimed_history_[id] = line.history;
  }
}

/// Less than the truth does no harm (it stays unknown), more would: it would come out of what others hold. So
/// only uses count that cannot have cooled in the other account, `guard` before they could.
Claim Agent::claim(Time now) const {
  Claim out;
  out.held = carried_;
  for (const auto& [id, history] : claimed_history_) {
    const auto line = lines_.find(id);
    if (line == lines_.end()) continue;
    for (const auto& use : history) {
      if (now - use.since < line->second.spec.window) out.used.push_back({id, now - use.until, use.units});
    }
  }
  return out;
}

ReportLine Agent::line_of(LimitId id, const Line& line, Time now) const {
  auto& permits = *line.permits;
  ReportLine out;
  out.limit = id;
  out.used = permits.used() - line.used_before;
  out.returned = permits.returned() - line.returned_before;
  out.granted_seen = line.told;
  const auto missed = std::min(permits.take_missed(), kMostMissed * line.spec.quantum);
  out.want = permits.wanted() + missed;
  out.head = std::max(permits.wanted_first(), std::min(missed, line.spec.quantum));
  out.available = permits.available(now);
  out.rate = line.rate;
  if (suspended_) out.want = out.head = 0, out.rate = 0;
  return out;
}

void Agent::report(Time now, Outbox& out) {
  sample(now);
  void_lapsed(now);
  if (leaving_ || suspended_) give_all_back();
  Report message;
  message.session = session_;
  message.seq = ++seq_;
  message.asked = now.time_since_epoch().count();
  message.lineage = target_;
  message.leaving = leaving_;
  if (!joined_) message.claim = claim(now);
  // A new allocator may know less than the last one said.
  const bool all = leaving_ || now - told_all_ >= timing_.lease;
  if (all) told_all_ = now;
  message.whole = all;
  auto& told = unacknowledged_[seq_];
  for (auto& [id, line] : lines_) {
    auto said = line_of(id, line, now);
    const auto sum = said.used + said.returned;
    const bool unsaid = line.configured && line.agreed != line.spec.units;
    const bool idle =
        line.rate == 0 && said.want == 0 && (said.available == 0 || line.spec.kind == LimitKind::floor);
    if (!all && !unsaid && sum == line.reported && idle) continue;
    if (unsaid || (all && line.configured)) said.spec = line.spec;
    told[id] = {sum, line.permits->taken(), said.spec ? line.spec.units : -1};
    message.lines.push_back(said);
  }
  if (unacknowledged_.size() > kRemembered) unacknowledged_.erase(unacknowledged_.begin());
  reported_ = now;
  hurry_ = false;
  if (!allocator_.empty() && now - heard_ <= kSilence) {
    out.push_back({allocator_, std::move(message)});
    return;
  }
  for (const auto& voter : voters_) out.push_back({voter, message});
}

void Agent::give_all_back() {
  for (auto& [id, line] : lines_) line.permits->give_back(0);
}

void Agent::leave(Time now, Outbox& out) {
  leaving_ = true;
  if (joined_) report(now, out);
}

void Agent::reborn(std::uint64_t incarnation) {
  session_ = {me_, incarnation, 1};
  hurry_ = true;
}

void Agent::suspend(bool on) {
  suspended_ = on;
  if (on) give_all_back();
  hurry_ = true;
}

bool Agent::gone() const {
  return std::all_of(lines_.begin(), lines_.end(), [&](const auto& entry) {
    const auto& line = entry.second;
    if (line.spec.kind == LimitKind::floor) return true;  // what cools is nobody's business
    const auto& permits = *line.permits;
    const auto sum = permits.used() - line.used_before + permits.returned() - line.returned_before;
    return permits.held() == 0 && (!joined_ || line.reported == sum);
  });
}

/// A question or its answer may be lost, and calls do not wait for long.
bool Agent::waited_for() const {
  return acknowledged_ < seq_ && std::any_of(lines_.begin(), lines_.end(), [](const auto& entry) {
           return entry.second.permits->wanted() > 0;
         });
}

void Agent::tick(Time now, Outbox& out) {
  if (leaving_ && !joined_) return;  // who has no session needs none
  const auto since = now - reported_;
  const bool known = !allocator_.empty() && now - heard_ <= kSilence;
  const bool due = since >= timing_.report || (known && since >= kAskAgain && waited_for());
  const auto pace = known ? timing_.urgent : kAskAll;
  if (due || (hurry_ && since >= pace)) report(now, out);
}

void Agent::acknowledge(std::uint64_t seq) {
  acknowledged_ = seq;
  if (const auto told = unacknowledged_.find(seq); told != unacknowledged_.end()) {
    for (const auto& [id, said] : told->second) {
      auto& line = lines_[id];
      line.reported = said.sum;
      line.taken = said.taken;
      if (said.units >= 0) line.agreed = said.units;
    }
  }
  unacknowledged_.erase(unacknowledged_.begin(), unacknowledged_.upper_bound(seq));
}

/// A floor's `hold` is about all of its slots, also those that cool.
std::optional<Agent::Recall> Agent::recall(const Line& line, const GrantLine& said, Time now) {
  const auto free = line.permits->available(now);
  if (line.spec.kind == LimitKind::floor) {
    const auto excess = line.permits->held() - said.hold;
    if (excess <= 0 || free <= 0) return std::nullopt;
    return Recall{said.limit, std::max<Units>(0, free - excess), true};
  }
  if (said.urgent ? free > said.hold : free > said.hold + said.hold / 2 + line.spec.quantum)
    return Recall{said.limit, said.hold, said.urgent};
  return std::nullopt;
}

std::vector<Agent::Recall> Agent::hear(const NodeName& from, const Grant& message, Time now, Outbox&) {
  std::vector<Recall> recalls;
  if (message.session != session_ || (target_ && message.lineage != target_)) return recalls;
  // Too late to prolong anything, too late to be true: the session may have ended and begun again since.
  if (Time(Duration(message.asked)) + timing_.lease <= now) return recalls;
  joined_ = true;
  lineage_ = target_ = message.lineage;
  carried_.clear();
  claimed_history_.clear();
  if (message.asked >= answered_) {  // else it is late, and may come from one who was in office before
    if (allocator_ != from) told_all_ = kLongAgo;
    answered_ = message.asked;
    allocator_ = from;
    heard_ = now;
  }
  lease_->prolong(Time(Duration(message.asked)) + timing_.lease);
  floor_lease_->prolong(Time(Duration(message.asked)) + timing_.floor_life);
  if (message.seq > acknowledged_) acknowledge(message.seq);
  for (const auto& said : message.lines) {
    const auto found = lines_.find(said.limit);
    if (found == lines_.end()) continue;
    auto& line = found->second;
    if (message.seq == acknowledged_)
      line.permits->learn(outlook(said, now, Time(Duration(message.asked))), line.taken);
    if (said.granted > line.told) {
      line.permits->grant(said.granted - line.told);
      line.told = said.granted;
      hurry_ |= leaving_;  // it was on its way when this node said that it leaves
      if (suspended_) line.permits->give_back(0);
    }
    if (const auto back = recall(line, said, now)) recalls.push_back(*back);
  }
  return recalls;
}

void Agent::hear(const NodeName& from, const UnknownSession& message, Time now, Outbox& out) {
  if (message.session != session_) return;
  if (leaving_) {  // it is closed, or void: nothing of it can be handed back
    joined_ = false;
    give_all_back();
    return;
  }
  allocator_ = from;
  heard_ = now;
  const bool lapsed = now >= lease_->until() + kVoidMargin;
  const bool nothing_to_bring =
      message.claim_refused || message.lineage == target_ || message.lineage == lineage_;
  if (nothing_to_bring && !lapsed) return;
  open_session(message.lineage, !nothing_to_bring && lineage_ != 0, now);
  hurry_ = true;
  tick(now, out);
}

void Agent::hear(const NodeName& from, const InOffice&, Time now, Outbox& out) {
  allocator_ = from;
  heard_ = now;
  told_all_ = kLongAgo;
  hurry_ = true;
  tick(now, out);
}

}  // namespace troupe::cluster
