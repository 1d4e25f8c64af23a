// KeyState's other half: what a call's end means for windows, breaker and statistics.
#include <algorithm>

#include "actors/policy/key_state.hpp"

namespace troupe::policy {
namespace {

using namespace std::chrono_literals;

/// Whether the provider may have counted tokens that it did not tell us of: it may have worked on the call
/// after we lost sight of it.
bool leaves_open(Fault fault) {
  switch (fault) {
    case Fault::caller_timeout:
    case Fault::caller_gone:
    case Fault::provider_server_error:
    case Fault::provider_timeout_first_token:
    case Fault::provider_timeout_idle:
    case Fault::provider_timeout_total:
    case Fault::provider_reset:
    case Fault::provider_stream_cut:
    case Fault::provider_stream_malformed:
    case Fault::provider_stream_error:
    case Fault::troupe_draining:
    case Fault::troupe_internal:
      return true;
    case Fault::caller_bad_request:
    case Fault::caller_unauthenticated:
    case Fault::caller_forbidden:
    case Fault::caller_unknown_model:
    case Fault::caller_not_found:
    case Fault::caller_too_large:
    case Fault::caller_context_too_long:
    case Fault::caller_content_refused:
    case Fault::policy_rate_limited:
    case Fault::policy_queue_full:
    case Fault::policy_queue_timeout:
    case Fault::policy_no_target:
    case Fault::policy_over_cost:
    case Fault::provider_rate_limited_requests:
    case Fault::provider_rate_limited_tokens:
    case Fault::provider_rate_limited_day:
    case Fault::provider_overloaded:
    case Fault::provider_quota_spent:
    case Fault::provider_key_dead:
    case Fault::provider_model_missing:
    case Fault::provider_context_too_long:
    case Fault::provider_content_refused:
    case Fault::provider_bad_request:
    case Fault::provider_timeout_connect:
    case Fault::provider_connect:
    case Fault::provider_tls:
    case Fault::troupe_no_capacity:
    case Fault::troupe_all_open:
      return false;
  }
  return true;
}

/// A success without figures is as open as a cut.
bool uncounted(const Settled& settled) {
  if (settled.fault) return leaves_open(*settled.fault);
  return settled.usage.input.count == 0 && settled.usage.output.count == 0;
}

/// The last instant at which the request can have arrived: no answer begins before that.
Time arrived_by(const Settled& settled, Time acquired, Time now) {
  if (!settled.first_token || !settled.total || *settled.first_token > *settled.total) return now;
  return std::clamp(now - *settled.total + *settled.first_token, acquired, now);
}

}  // namespace

void KeyState::settle(const Settled& settled, Time now, Random& random) {
  const auto found = permits_.find(settled.permit);
  if (found == permits_.end()) {
    ++ignored_;
    return;
  }
  const Permit permit = found->second;
  permits_.erase(found);
  ++settled_;
  concurrency_.release();
  if (!settled.called) {
    finish_shared(permit, {}, now);
    end_claim(permit, {}, now);
    for (std::size_t i = 0; i < kWindows; ++i) windows_[i].give_back(permit.held[i]);  // what has begun stays
    breaker_.abandon(permit.ticket);
    return;
  }
  spend(permit, settled, now);
  const auto before = breaker_.phase(now);
  breaker_.result(permit.ticket, settled.fault, now, random);
  testify(permit, settled, before, now);
  learn(settled, now, random);
}

void KeyState::begun(PermitId id, Time at, Time now) {
  const auto found = permits_.find(id);
  if (found == permits_.end() || found->second.begun) return;
  auto& permit = found->second;
  permit.begun = true;
  if (permit.claimed) fair_.ended(*permit.claimed, {permit.held[kRpm]}, {1}, now);
  const Time arrived = std::clamp(at, permit.acquired, now);
  for (const auto window : {kRpm, kRpd}) {
    windows_[window].settle(permit.held[window], 1, arrived, now);
    permit.held[window] = 0;
  }
}

void KeyState::spend(const Permit& permit, const Settled& settled, Time now) {
  const auto in = std::max<std::int64_t>(0, settled.usage.input.count);
  const auto out = std::max<std::int64_t>(0, settled.usage.output.count);
  Amounts used{1, in + out, in, out, 1, in + out};
  if (uncounted(settled)) {
    for (std::size_t i = 0; i < kWindows; ++i) used[i] = std::max(used[i], permit.held[i]);
  }
  if (permit.begun) used[kRpm] = used[kRpd] = 0;
  finish_shared(permit, used, now);
  end_claim(permit, used, now);
  const Time arrived = arrived_by(settled, permit.acquired, now);
  const std::array<Time, kWindows> seen{arrived, now, arrived, now, arrived, now};
  for (std::size_t i = 0; i < kWindows; ++i) windows_[i].settle(permit.held[i], used[i], seen[i], now);
}

void KeyState::learn(const Settled& settled, Time now, Random& random) {
  const auto& truth = settled.limits;
  const std::array<const WindowTruth*, kWindows> heard{
      &truth.requests_minute,      &truth.tokens_minute, &truth.input_tokens_minute,
      &truth.output_tokens_minute, &truth.requests_day,  &truth.tokens_day};
  for (std::size_t i = 0; i < kWindows; ++i) {
    windows_[i].learn(*heard[i], now);
    testify_limit(i, *heard[i], now);
  }
  if (!settled.fault) {
    refused_in_row_ = 0;
    latency_.add(true, settled.first_token, settled.total, settled.cost, now);
    return;
  }
  last_fault_ = LastFault{*settled.fault, now};
  if (traits(*settled.fault).trips_breaker) latency_.add(false, {}, {}, {}, now);
  close_after(settled, now, random);
}

void KeyState::close_after(const Settled& settled, Time now, Random& random) {
  const auto after = settled.limits.retry_after.value_or(0ns);
  const auto close = [&](WindowIndex index, const WindowTruth& truth, Duration first, Duration most) {
    auto& window = windows_[index];
    const auto told = after > 0ns || truth.remaining != 0 ? after : truth.reset.value_or(0ns);
    if (told > 0ns) {
      const auto span = std::min<Duration>(told, 48h);
      findings_.add({About::pause, 1, span}, now);
      return window.close_until(now + span);
    }
    if (window.closed_until() > now) return;  // calls that were under way together count once
    const auto pause = std::min<Duration>(most, first * (1LL << std::min(refused_in_row_++, 16)));
    window.close_until(now + pause + pause * static_cast<int>(random.below(11)) / 100);
  };
  const auto& truth = settled.limits;
  if (settled.fault == Fault::provider_rate_limited_requests)
    close(kRpm, truth.requests_minute, 1s, 60s);
  else if (settled.fault == Fault::provider_rate_limited_tokens)
    close(kTpm, truth.tokens_minute, 1s, 60s);
  else if (settled.fault == Fault::provider_rate_limited_day)
    close(kRpd, truth.requests_day, 60s, 1h);
  else if (after > 0ns && traits(*settled.fault).trips_breaker)
    paused_until_ = std::max(paused_until_, now + std::min<Duration>(after, 1h));
}

}  // namespace troupe::policy
