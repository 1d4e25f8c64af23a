#include "gateway/keeper/keeper.hpp"

#include <algorithm>
#include <utility>

namespace troupe::keeper {

Waiter::~Waiter() {
  if (keeper_ != nullptr) std::erase(keeper_->waiters_, this);
}

Keeper::Keeper(http::Pool& pool, const Clock& clock, Route route, std::unique_ptr<cloud::Identity> identity)
    : clock_(clock), identity_(std::move(identity)), fetch_(pool, clock, std::move(route)) {
  go_on();
}

Keeper::~Keeper() {
  for (auto* waiter : waiters_) waiter->keeper_ = nullptr;
}

Authorization Keeper::authorize(const cloud::SignedCall& call) {
  go_on();
  const auto at = moment();
  auto& source = identity_->source();
  if (const auto* credential = source.current(at.now))
    return Authorized{identity_->lines(*credential, call, at.wall), credential->version};
  if (fetch_.busy()) return NotYet{};
  if (source.problem()) return *source.problem();
  return Error{Fault::provider_key_dead, "there is no credential", {}, {}};
}

void Keeper::wait(Waiter& waiter) {
  if (waiter.keeper_ != nullptr) return;
  waiter.keeper_ = this;
  waiters_.push_back(&waiter);
}

bool Keeper::rejected(std::uint64_t version) {
  const bool again = identity_->source().rejected(version, clock_.now());
  go_on();
  return again;
}

void Keeper::look(Time now) {
  fetch_.look(now);
  go_on();
}

void Keeper::go_on() {
  if (fetch_.busy()) return;
  auto ask = identity_->source().next(moment());
  if (ask) fetch_.start(std::move(*ask), [this](Result<cloud::Reply> result) { arrived(std::move(result)); });
}

void Keeper::arrived(Result<cloud::Reply> result) {
  if (result) {
    identity_->source().answered(*result, moment());
  } else {
    identity_->source().unanswered(result.error().message, moment());
  }
  go_on();
  if (!fetch_.busy()) tell();
}

/// Each listener may end itself or others, or wait again: only those who wait now are told.
void Keeper::tell() {
  auto left = waiters_.size();
  while (left-- > 0 && !waiters_.empty()) {
    auto* waiter = waiters_.front();
    waiters_.erase(waiters_.begin());
    waiter->keeper_ = nullptr;
    waiter->listener_.ready();
  }
}

}  // namespace troupe::keeper
