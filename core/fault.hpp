#pragma once
// Why an attempt or a request failed: one closed list. Only gateway/providers reads statuses and error
// bodies; everybody after it switches over Fault without a default.
#include <cstdint>
#include <string_view>

namespace troupe {

enum class Fault : std::uint8_t {
  // The caller's: no other endpoint would answer differently.
  caller_bad_request,
  caller_unauthenticated,
  caller_forbidden,
  caller_unknown_model,
  caller_not_found,
  caller_too_large,
  caller_timeout,
  caller_gone,
  caller_context_too_long,
  caller_content_refused,
  // Policy's: we refused before any call.
  policy_rate_limited,
  policy_queue_full,
  policy_queue_timeout,
  policy_no_target,
  policy_over_cost,
  // The provider's.
  provider_rate_limited_requests,
  provider_rate_limited_tokens,
  provider_rate_limited_day,
  provider_overloaded,
  provider_quota_spent,
  provider_key_dead,
  provider_model_missing,
  provider_context_too_long,
  provider_content_refused,
  provider_bad_request,
  provider_server_error,
  provider_timeout_connect,
  provider_timeout_first_token,
  provider_timeout_idle,
  provider_timeout_total,
  provider_connect,
  provider_tls,
  provider_reset,
  provider_stream_cut,
  provider_stream_malformed,
  provider_stream_error,
  // Ours.
  troupe_no_capacity,
  troupe_all_open,
  troupe_draining,
  troupe_internal,
};

/// Where else it is worth trying after a fault, before the first byte went to the caller.
enum class Worth : std::uint8_t {
  nothing,         ///< give the answer to the caller
  other_key,       ///< this key is spent or dead: another key of the same provider will do
  other_provider,  ///< the model or provider cannot: another target will do
  same_again,      ///< anything, this endpoint included, after a pause
};

struct FaultTraits {
  std::string_view name;  ///< "provider_rate_limited_requests": logs, metrics, error bodies
  int status;             ///< what the caller gets when nothing else worked
  Worth worth;
  bool trips_breaker;  ///< counts as a failure of the key (a caller's mistake does not)
  std::string_view
      retry_class;  ///< the configuration's word in `retry.on`: rate_limited, overloaded, ...; "" = never
};

/// Total over Fault; no allocation.
const FaultTraits& traits(Fault fault);
inline std::string_view name(Fault fault) {
  return traits(fault).name;
}

}  // namespace troupe
