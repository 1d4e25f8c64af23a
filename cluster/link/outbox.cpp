#include "cluster/link/outbox.hpp"

#include <utility>

namespace troupe::link {
namespace {

/// What the containers cost per message, about; also bounds the number of empty messages.
constexpr std::size_t kOverhead = 64;

std::size_t cost(const std::string& bytes) {
  return bytes.size() + kOverhead;
}

}  // namespace

Outbox::Outbox(OutboxLimits limits) : limits_(limits) {}

bool Outbox::push(Slot slot, std::string bytes) {
  const auto need = cost(bytes);
  if (need > limits_.bytes) {
    ++dropped_;
    return false;
  }
  auto turn = next_turn_;
  if (const auto old = turn_of_.find(slot); slot != kQueue && old != turn_of_.end()) {
    turn = old->second;
    bytes_ -= cost(states_.at(turn).bytes);
    states_.erase(turn);
    turn_of_.erase(old);
  } else {
    ++next_turn_;
  }
  make_room(need);
  bytes_ += need;
  if (slot != kQueue) {
    turn_of_.emplace(slot, turn);
    states_.emplace(turn, State{slot, std::move(bytes)});
    return true;
  }
  line_.push_back({turn, std::move(bytes)});
  if (line_.size() > limits_.messages) {
    take_line();
    ++dropped_;
  }
  return true;
}

bool Outbox::roomy(std::size_t size) const {
  return 2 * (bytes_ + size) <= limits_.bytes && 2 * this->size() <= limits_.messages;
}

void Outbox::make_room(std::size_t need) {
  while (bytes_ + need > limits_.bytes && !empty()) {
    line_.empty() ? take_state() : take_line();
    ++dropped_;
  }
}

std::string Outbox::take_line() {
  auto bytes = std::move(line_.front().bytes);
  line_.pop_front();
  bytes_ -= cost(bytes);
  return bytes;
}

std::string Outbox::take_state() {
  auto bytes = std::move(states_.begin()->second.bytes);
  turn_of_.erase(states_.begin()->second.slot);
  states_.erase(states_.begin());
  bytes_ -= cost(bytes);
  return bytes;
}

std::optional<std::string> Outbox::pop() {
  if (empty()) return std::nullopt;
  const bool state = line_.empty() || (!states_.empty() && states_.begin()->first < line_.front().turn);
  return state ? take_state() : take_line();
}

void Outbox::clear() {
  dropped_ += size();
  line_.clear();
  states_.clear();
  turn_of_.clear();
  bytes_ = 0;
}

}  // namespace troupe::link
