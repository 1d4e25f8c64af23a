#include "gateway/cloud/source.hpp"

#include <algorithm>
#include <utility>

namespace troupe::cloud {

std::optional<Ask> Source::next(Moment at) {
  if (!follow_up_ && renewal_.due(at.now)) {
    renewal_.began();
    take(begin(at), at);
  }
  return std::exchange(follow_up_, std::nullopt);
}

void Source::answered(const Reply& reply, Moment at) {
  if (renewal_.under_way()) take(go_on(reply, at), at);
}

void Source::unanswered(std::string_view why, Moment at) {
  if (renewal_.under_way()) give_up(silence(why), at.now);
}

void Source::take(Step step, Moment at) {
  if (auto* ask = std::get_if<Ask>(&step)) {
    follow_up_ = std::move(*ask);
  } else if (auto* fetched = std::get_if<Fetched>(&step)) {
    if (fetched->end <= at.now)
      return give_up({Fault::provider_key_dead, "the credentials that were given have expired", {}, {}},
                     at.now);
    held_ = std::move(fetched->credential);
    held_->version = ++version_;
    problem_.reset();
    renewal_.got(fetched->end, at.now);
  } else {
    give_up(std::get<Error>(std::move(step)), at.now);
  }
}

void Source::give_up(Error why, Time now) {
  problem_ = std::move(why);
  follow_up_.reset();
  renewal_.failed(now);
}

const Credential* Source::current(Time now) const {
  return held_ && renewal_.good(now) ? &*held_ : nullptr;
}

bool Source::rejected(std::uint64_t version, Time now) {
  if (!held_ || held_->version != version || !renewal_.good(now)) return true;
  return renewal_.rejected(now);
}

Fault refusal_fault(int status) {
  return status == 429 || status >= 500 ? Fault::provider_server_error : Fault::provider_key_dead;
}

std::string short_code(std::string_view text, std::string_view otherwise) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  };
  const bool good = !text.empty() && text.size() <= 60 && std::ranges::all_of(text, plain);
  return std::string(good ? text : otherwise);
}

}  // namespace troupe::cloud
