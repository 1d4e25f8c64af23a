#include "actors/policy/cache/shard.hpp"

#include <utility>

namespace troupe::cache {
namespace {

bool for_owner(const Message& message) {
  return !std::holds_alternative<Hit>(message) && !std::holds_alternative<Lead>(message) &&
         !std::holds_alternative<Wait>(message);
}

}  // namespace

void Shard::ask(const Digest& key, Ticket ticket, Duration max_age, Time now, Outbox& out,
                Callers::Telling& told) {
  if (ring_.alone() || ring_.owner(key) == ring_.self()) {  // most are hits or first: no question is made
    if (auto found = keeper_.shelf().find(key, max_age, now))
      return told.push_back({ticket, std::move(found->entry), found->age});
  }
  callers_.ask(ring_, key, ticket, max_age, now, out, told);
  deliver(now, out, told);
}

void Shard::end(const Digest& key, Ticket ticket, const End& how, Time now, Outbox& out,
                Callers::Telling& told) {
  const auto before = told.size();
  callers_.end(ring_, key, ticket, how, now, out, told);
  if (how.entry) joined_ += told.size() - before;
  deliver(now, out, told);
}

void Shard::hear(const std::string& from, const Message& message, Time now, Outbox& out,
                 Callers::Telling& told) {
  if (for_owner(message)) {
    keeper_.hear(from, message, now, out);
  } else {
    callers_.hear(from, message, now, out, told);
  }
  deliver(now, out, told);
}

void Shard::tick(Time now, Outbox& out, Callers::Telling& told) {
  keeper_.tick(ring_, now, out);
  callers_.tick(ring_, now, out, told);
  deliver(now, out, told);
}

void Shard::use(Ring ring, Time now, Outbox& out, Callers::Telling& told) {
  ring_ = std::move(ring);
  tick(now, out, told);
}

void Shard::restart() {
  callers_ = {};
  keeper_.forget_flights();
}

/// Our own words to ourselves, and what they lead to; bounded, because each is heard once and no answer is
/// answered twice.
void Shard::deliver(Time now, Outbox& out, Callers::Telling& told) {
  for (std::size_t i = 0; i < out.size();) {
    if (out[i].first != ring_.self()) {
      ++i;
      continue;
    }
    const auto message = std::move(out[i].second);
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(i));
    if (for_owner(message)) {
      keeper_.hear(ring_.self(), message, now, out);
    } else {
      callers_.hear(ring_.self(), message, now, out, told);
    }
  }
}

}  // namespace troupe::cache
