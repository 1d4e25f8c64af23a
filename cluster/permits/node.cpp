#include "cluster/permits/node.hpp"

#include <algorithm>

namespace troupe::cluster {
namespace {

using std::chrono::milliseconds;
constexpr Duration kCandidacy = milliseconds(300);      // then it gives up
constexpr Duration kLastPromises = milliseconds(100);   // is waited for the rest before a cold start
constexpr auto kLeastJitter = 50U, kMostJitter = 600U;  // ms between two candidacies

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

bool is_voter(const NodeSettings& settings) {
  return std::find(settings.voters.begin(), settings.voters.end(), settings.me) != settings.voters.end();
}

}  // namespace

Node::Node(NodeSettings settings, Time now, std::uint64_t seed)
    : settings_(std::move(settings)),
      started_(now),
      random_(seed),
      agent_(settings_.me, settings_.incarnation, settings_.voters, settings_.timing) {
  for (const auto& limit : settings_.limits) agent_.permits(limit);
  if (!is_voter(settings_)) return;
  voter_.emplace(settings_.me, settings_.incarnation, settings_.timing, settings_.knowledge, now,
                 settings_.memory);
  patience_ = settings_.voters.size() > 1 ? milliseconds(random_.below(150)) : Duration::zero();
}

void Node::configure(const Limits& limits, Time now) {
  settings_.limits = limits;
  agent_.configure(limits);
  if (allocator_) allocator_->configure(limits, now);
}

void Node::hear(const NodeName& from, const Message& message, Time now, Outbox& out) {
  dispatch(from, message, now);
  deliver(now, out);
}

void Node::hurry(Time now, Outbox& out) {
  agent_.hurry();
  agent_.tick(now, pending_);
  deliver(now, out);
}

bool Node::reborn(std::uint64_t incarnation, Time now) {
  if (agent_.joined() || agent_.lineage() || allocator_ || incarnation <= settings_.incarnation) return false;
  settings_.incarnation = incarnation;
  agent_.reborn(incarnation);
  if (voter_) voter_->reborn(incarnation, now);
  candidate_.reset();
  return true;
}

void Node::leave(Time now, Outbox& out) {
  leaving_ = true;
  agent_.leave(now, pending_);
  deliver(now, out);
  if (allocator_) allocator_->tick(now, random_, pending_);
  deliver(now, out);
}

bool Node::copy_counts() const {
  return !voter_ || (voter_->knowledge() == Knowledge::knows && voter_->lineage() == agent_.lineage());
}

bool Node::gone() const {
  return leaving_ && agent_.gone() &&
         (!allocator_ || allocator_->office().committed() >= farewell_.value_or(0));
}

void Node::tick(Time now, Outbox& out) {
  if (voter_) campaign(now);
  deliver(now, out);
  if (allocator_) allocator_->tick(now, random_, pending_);
  deliver(now, out);
  agent_.tick(now, pending_);
  deliver(now, out);
}

void Node::deliver(Time now, Outbox& out) {
  while (!pending_.empty()) {
    for (auto& [to, message] : std::exchange(pending_, {})) {
      if (to == settings_.me)
        dispatch(settings_.me, message, now);
      else
        out.push_back({std::move(to), std::move(message)});
    }
  }
  if (leaving_ && !farewell_ && agent_.gone()) farewell_ = allocator_ ? allocator_->office().last() : 0;
}

void Node::dispatch(const NodeName& from, const Message& message, Time now) {
  if (allocator_ && !allocator_->holds(now)) step_down(now);
  std::visit(Overloaded{
                 [&](const Prepare& heard) {
                   if (voter_) voter_->hear(from, heard, now, pending_);
                 },
                 [&](const Append& heard) {
                   if (voter_) voter_->hear(from, heard, now, pending_);
                 },
                 [&](const Release& heard) {
                   if (voter_) voter_->hear(heard, now);
                 },
                 [&](const Ack& heard) {
                   if (allocator_) allocator_->hear(from, heard, now, random_, pending_);
                 },
                 [&](const Grant& heard) {
                   for (const auto& recall : agent_.hear(from, heard, now, pending_))
                     recalls_.push_back(recall);
                 },
                 [&](const UnknownSession& heard) { agent_.hear(from, heard, now, pending_); },
                 [&](const InOffice& heard) { agent_.hear(from, heard, now, pending_); },
                 [&](const Report& heard) {
                   if (allocator_) allocator_->hear(from, heard, now, random_, pending_);
                 },
                 [&](const auto& heard) { hear(from, heard, now); },
             },
             message);
}

void Node::hear(const NodeName& from, const Promise& message, Time now) {
  if (!candidate_ || message.epoch != candidate_->epoch || message.probe != candidate_->probe ||
      message.asked != asked_at(candidate_->asked))
    return;
  candidate_->promises.insert_or_assign(from, message);
  if (!majority(candidate_->promises.size())) return;
  if (!candidate_->probe) return decide(now);
  candidate_->probe = false;
  candidate_->asked = now;
  candidate_->promises.clear();
  ask_voters(now);
}

void Node::hear(const NodeName&, const Refusal& message, Time now) {
  if (voter_) voter_->saw(message.seen);
  if (candidate_ && message.epoch == candidate_->epoch && message.seen > candidate_->epoch.number)
    give_up(now);
  if (allocator_ && message.epoch == allocator_->epoch() && message.seen > message.epoch.number)
    step_down(now);
}

void Node::ask_voters(Time now) {
  for (const auto& voter : settings_.voters)
    pending_.push_back({voter, Prepare{candidate_->epoch, asked_at(candidate_->asked), candidate_->probe}});
  (void)now;
}

void Node::campaign(Time now) {
  if (allocator_ && !allocator_->holds(now)) step_down(now);
  if (allocator_) return;
  if (candidate_) {
    if (!candidate_->probe && majority(candidate_->promises.size())) decide(now);
    if (candidate_ && now - candidate_->asked > kCandidacy) give_up(now);
    return;
  }
  if (voter_->abstains(now) ||
      now - voter_->heard() < at_least(settings_.timing.office, settings_.timing, 4) + patience_)
    return;
  candidate_ = Candidate{{voter_->highest() + 1, settings_.me, settings_.incarnation}, now, true, {}};
  ask_voters(now);
}

void Node::give_up(Time now) {
  for (const auto& voter : settings_.voters) pending_.push_back({voter, Release{candidate_->epoch}});
  voter_->saw(candidate_->epoch.number);
  candidate_.reset();
  voter_->heard_now(now - settings_.timing.office);
  patience_ = milliseconds(kLeastJitter + random_.below(kMostJitter - kLeastJitter));
}

/// With a majority's promises: the newest copy if a majority still knows one account; a full pool if all of
/// them know that nothing ran, or none knows anything and the operator has given his word; else everything is
/// unknown. Why the majority's lineage is the newest: docs/protocol.md.
void Node::decide(Time now) {
  std::map<Lineage, std::size_t> known;
  std::size_t never = 0, asked = candidate_->promises.size();
  for (const auto& [name, promise] : candidate_->promises) {
    if (promise.knowledge == Knowledge::knows) ++known[promise.lineage];
    if (promise.knowledge == Knowledge::never) ++never;
  }
  std::optional<Promise> best;
  for (const auto& [name, promise] : candidate_->promises) {
    if (promise.knowledge != Knowledge::knows || !majority(known[promise.lineage])) continue;
    if (!best || best->stamp < promise.stamp) best = promise;
  }
  const bool all = asked == settings_.voters.size();
  const bool fresh = never == asked, vouched = settings_.cold_open && known.empty();
  if (fresh && !all && now - started_ < abstention(settings_.timing))
    return;  // who remembers may abstain still
  if (best || all || now - candidate_->asked >= kLastPromises)
    take_office(std::move(best), fresh || vouched, now);
}

void Node::take_office(std::optional<Promise> best, bool full, Time now) {
  const auto epoch = candidate_->epoch;
  const auto lineage = best ? best->lineage : random_.next() | 1;
  Office office(epoch, lineage, settings_.voters, settings_.timing, asked_at(candidate_->asked));
  Table table(settings_.timing);
  if (best)
    table.restore(best->copy, now);
  else if (!full)
    table.forget_everything(settings_.limits, now);
  candidate_.reset();
  if (!office.holds(now)) return;
  ++terms_;
  allocator_.emplace(settings_.me, std::move(office), std::move(table), settings_.limits, now);
  allocator_->announce(pending_);
  allocator_->tick(now, random_, pending_);
}

void Node::step_down(Time now) {
  allocator_.reset();
  if (!voter_) return;
  voter_->heard_now(now);
  patience_ = milliseconds(kLeastJitter + random_.below(kMostJitter - kLeastJitter));
}

}  // namespace troupe::cluster
