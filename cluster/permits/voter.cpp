#include "cluster/permits/voter.hpp"

#include <algorithm>

namespace troupe::cluster {
namespace {

constexpr std::size_t kPerImage = 10000;  // changes: then the account is written down as a whole

}  // namespace

Voter::Voter(NodeName me, std::uint64_t incarnation, Timing timing, Knowledge knowledge, Time now,
             std::shared_ptr<Memory> memory)
    : me_(std::move(me)),
      incarnation_(incarnation),
      timing_(timing),
      knowledge_(knowledge),
      memory_(std::move(memory)),
      abstains_until_(knowledge == Knowledge::never ? now : now + abstention(timing)),
      heard_(knowledge == Knowledge::never ? now - timing.office : now),
      table_(timing) {
  if (!memory_ || knowledge_ == Knowledge::never) return;
  for (const auto& kept : memory_->recall(now)) {
    promised_ = before_ = std::max(promised_, kept.told.epoch);
    learn(kept.told, kept.at);
  }
  saw(promised_.number);
}

void Voter::reborn(std::uint64_t incarnation, Time now) {
  incarnation_ = incarnation;
  if (knowledge_ != Knowledge::never) return;
  knowledge_ = Knowledge::forgot;
  abstains_until_ = now + abstention(timing_);
}

void Voter::saw(std::uint64_t number) {
  highest_ = std::max(highest_, number);
}

/// A voter that knows the account has to refuse lower epochs for ever: what such an office did would look
/// older than a copy that it never saw.
bool Voter::note_promise(Time now) {
  if (!memory_ || memory_->keep({now, {promised_, 0, 0, lineage_, 0, {}, {}}})) return true;
  abstains_until_ = Time::max();
  return false;
}

void Voter::promise(const Epoch& epoch, Time now) {
  const bool is_new = promised_ != epoch;
  promised_ = epoch;
  if (is_new) note_promise(now);
  promised_until_ =
      std::max(promised_until_, now + at_least(timing_.office, timing_, 4) + std::chrono::milliseconds(20));
  saw(epoch.number);
  heard_ = now;
}

void Voter::hear(const NodeName& from, const Prepare& message, Time now, Outbox& out) {
  if (!message.probe) saw(message.epoch.number);
  if (abstains(now)) return;
  const bool mine = message.epoch == promised_;
  if (!mine && (now < promised_until_ || message.epoch < promised_)) {
    out.push_back({from, Refusal{message.epoch, highest_}});
    return;
  }
  if (message.probe) {
    out.push_back({from, Promise{message.epoch, message.asked, true, incarnation_, knowledge_, 0, {}, {}}});
    return;
  }
  if (!mine) before_ = promised_;
  promise(message.epoch, now);
  if (abstains(now)) return;
  out.push_back({from, Promise{message.epoch, message.asked, false, incarnation_, knowledge_, lineage_,
                               stamp_, knowledge_ == Knowledge::knows ? table_.snapshot(now) : Snapshot{}}});
}

void Voter::hear(const Release& message, Time now) {
  if (abstains(now) || promised_ != message.epoch || stamp_.epoch == message.epoch) return;
  promised_ = before_;
  promised_until_ = now;
}

bool Voter::learn(const Append& message, Time now) {
  if (message.whole) {
    const Stamp stamp{message.epoch, message.first - 1};
    if (knowledge_ != Knowledge::knows || stamp_ < stamp || lineage_ != message.lineage) {
      table_.restore(*message.whole, now);
      stamp_ = stamp;
      lineage_ = message.lineage;
      knowledge_ = Knowledge::knows;
    }
  }
  if (knowledge_ != Knowledge::knows || stamp_.epoch != message.epoch) return false;
  if (message.first > stamp_.seq + 1) return true;  // a gap: the sender will fill it
  for (auto at = stamp_.seq + 1 - message.first; at < message.changes.size(); ++at) {
    table_.apply(message.changes[at], now);
    ++stamp_.seq;
  }
  return true;
}

/// Before anything is acknowledged. What cannot be kept is not acknowledged either: after the next restart
/// this voter would know less than it said.
bool Voter::write_down(const Append& message, std::uint64_t before, Time now) {
  if (!memory_ || (!message.whole && stamp_.seq == before)) return true;
  kept_ += message.changes.size();
  if (message.whole || kept_ >= kPerImage) {
    kept_ = 0;
    return memory_->replace(
               {now, {stamp_.epoch, 0, 0, lineage_, stamp_.seq + 1, {}, table_.snapshot(now)}}) &&
           note_promise(now);
  }
  return memory_->keep({now, message});
}

bool Voter::take(const Append& message, Time now) {
  if (message.incarnation != incarnation_) return false;
  const auto before = stamp_.seq;
  const bool followed = learn(message, now);
  if (write_down(message, before, now)) return followed;
  abstains_until_ = Time::max();
  return false;
}

void Voter::hear(const NodeName& from, const Append& message, Time now, Outbox& out) {
  saw(message.epoch.number);
  if (abstains(now)) return;
  if (message.epoch < promised_) {
    out.push_back({from, Refusal{message.epoch, highest_}});
    return;
  }
  promise(message.epoch, now);
  const bool followed = take(message, now);
  if (abstains(now)) return;
  out.push_back(
      {from, Ack{message.epoch, message.asked, incarnation_, !followed, followed ? stamp_.seq : 0}});
}

}  // namespace troupe::cluster
