#include "core/fault.hpp"

namespace troupe {
namespace {

constexpr auto kNo = Worth::nothing;
constexpr auto kKey = Worth::other_key;
constexpr auto kProvider = Worth::other_provider;
constexpr auto kAgain = Worth::same_again;

}  // namespace

const FaultTraits& traits(Fault fault) {
#define TROUPE_FAULT(id, status, worth, trips, on)                     \
  case Fault::id: {                                                    \
    static constexpr FaultTraits entry{#id, status, worth, trips, on}; \
    return entry;                                                      \
  }
  switch (fault) {
    TROUPE_FAULT(caller_bad_request, 400, kNo, false, "")
    TROUPE_FAULT(caller_unauthenticated, 401, kNo, false, "")
    TROUPE_FAULT(caller_forbidden, 403, kNo, false, "")
    TROUPE_FAULT(caller_unknown_model, 404, kNo, false, "")
    TROUPE_FAULT(caller_not_found, 404, kNo, false, "")
    TROUPE_FAULT(caller_too_large, 413, kNo, false, "")
    TROUPE_FAULT(caller_timeout, 408, kNo, false, "")
    TROUPE_FAULT(caller_gone, 499, kNo, false, "")
    TROUPE_FAULT(caller_context_too_long, 400, kNo, false, "")
    TROUPE_FAULT(caller_content_refused, 400, kNo, false, "")
    TROUPE_FAULT(policy_rate_limited, 429, kNo, false, "")
    TROUPE_FAULT(policy_queue_full, 429, kNo, false, "")
    TROUPE_FAULT(policy_queue_timeout, 429, kNo, false, "")
    TROUPE_FAULT(policy_no_target, 400, kNo, false, "")
    TROUPE_FAULT(policy_over_cost, 400, kNo, false, "")
    TROUPE_FAULT(provider_rate_limited_requests, 429, kKey, false, "rate_limited")
    TROUPE_FAULT(provider_rate_limited_tokens, 429, kKey, false, "rate_limited")
    TROUPE_FAULT(provider_rate_limited_day, 429, kKey, false, "rate_limited")
    TROUPE_FAULT(provider_overloaded, 503, kAgain, true, "overloaded")
    TROUPE_FAULT(provider_quota_spent, 429, kKey, true, "rate_limited")
    TROUPE_FAULT(provider_key_dead, 502, kKey, true, "rate_limited")
    TROUPE_FAULT(provider_model_missing, 404, kProvider, false, "server_error")
    TROUPE_FAULT(provider_context_too_long, 400, kProvider, false, "server_error")
    TROUPE_FAULT(provider_content_refused, 400, kNo, false, "")
    TROUPE_FAULT(provider_bad_request, 400, kNo, false, "")
    TROUPE_FAULT(provider_server_error, 502, kAgain, true, "server_error")
    TROUPE_FAULT(provider_timeout_connect, 504, kAgain, true, "connect")
    TROUPE_FAULT(provider_timeout_first_token, 504, kAgain, true, "timeout")
    TROUPE_FAULT(provider_timeout_idle, 504, kAgain, true, "timeout")
    TROUPE_FAULT(provider_timeout_total, 504, kNo, true, "")
    TROUPE_FAULT(provider_connect, 502, kAgain, true, "connect")
    TROUPE_FAULT(provider_tls, 502, kKey, true, "connect")
    TROUPE_FAULT(provider_reset, 502, kAgain, true, "connect")
    TROUPE_FAULT(provider_stream_cut, 502, kAgain, true, "server_error")
    TROUPE_FAULT(provider_stream_malformed, 502, kAgain, true, "server_error")
    TROUPE_FAULT(provider_stream_error, 502, kAgain, true, "server_error")
    TROUPE_FAULT(troupe_no_capacity, 429, kNo, false, "")
    TROUPE_FAULT(troupe_all_open, 503, kNo, false, "")
    TROUPE_FAULT(troupe_draining, 503, kNo, false, "")
    TROUPE_FAULT(troupe_internal, 500, kNo, false, "")
  }
#undef TROUPE_FAULT
  static constexpr FaultTraits unknown{"troupe_internal", 500, kNo, false, ""};
  return unknown;
}

}  // namespace troupe
