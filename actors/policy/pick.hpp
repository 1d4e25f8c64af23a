#pragma once
// Which endpoint gets the request: one function over values, strategies are cases of one switch.
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "actors/policy/key_state.hpp"
#include "config/types.hpp"
#include "core/fault.hpp"
#include "core/random.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace troupe::policy {

/// Why a candidate is out of the question.
enum class Rejection : std::uint8_t {
  none,
  tried,             ///< the plan excluded it
  not_allowed,       ///< the caller's policy does not let this provider answer
  pinned_elsewhere,  ///< the request names another provider or key
  no_vision,         ///< the request has images, and the model cannot see
  no_tools,          ///< it offers tools, and the model calls none
  no_json_schema,    ///< it wants an answer by a schema, and the model cannot keep to one
  context_window,    ///< the prompt is longer than the model takes
  over_cost,         ///< dearer than the request's max_cost
  cost_unknown,      ///< the request has a max_cost and this price is unknown
  too_slow,          ///< first tokens have been slower than the request's max_latency
  breaker_open,
  dead,         ///< the provider refuses the key
  no_capacity,  ///< a window is spent or closed until later
  higher_tier,  ///< a lower tier has something available
};
std::string_view name(Rejection rejection);

/// One endpoint as a router sees it. `rejected` comes in with what the router knows (tried, pinned_elsewhere,
/// what the model cannot do); pick() finds the rest.
struct Candidate {
  std::uint32_t endpoint = 0;  ///< the router's own index
  std::uint64_t identity = 0;  ///< the same on every node and in every revision: hash of "provider/key/model"
  int tier = 1;
  double weight = 1, adaptive_weight = 1;
  std::int64_t context_window = 0;  ///< tokens; 0 = unknown
  std::optional<Money> cost;        ///< estimate of this request; nullopt = unknown
  KeyGauge gauge;
  Rejection rejected = Rejection::none;
};

struct PickAsk {
  config::Strategy strategy = config::Strategy::headroom;
  Tokens input{0};
  std::optional<Money> max_cost;
  std::optional<Duration> max_latency;  ///< to the first token
  std::uint64_t sticky = 0;             ///< hash of what to stick to; 0 = nothing, picks as headroom does
};

/// The score is comparable within one pick only; higher is better; meaningless when rejected.
struct Score {
  double value = 0;
  Rejection rejected = Rejection::none;
};

/// The chosen position in `candidates`, or nullopt when every one is rejected. Writes all of `scores`, which
/// has the same size. Lower tiers first; no allocation.
///   priority       the first in order
///   weighted       at random by weight
///   headroom       at random by headroom x weight
///   least_latency  the better of two by peak-EWMA x calls in flight; an unknown one is explored first
///   least_busy     calls in flight / weight
///   cheapest       lowest estimate; unknown prices last
///   sticky         weighted rendezvous hash of PickAsk::sticky
/// Weight includes the adaptive weight and a recovering breaker's ramp.
std::optional<std::size_t> pick(const PickAsk& ask, std::span<const Candidate> candidates,
                                std::span<Score> scores, Time now, Random& random);

/// when_all_open: try_least_bad. Of those that only the breaker rejected: the one whose cooldown ends first,
/// dead ones last. nullopt when there is none.
std::optional<std::size_t> pick_least_bad(std::span<const Candidate> candidates,
                                          std::span<const Score> scores);

/// Why pick() found nothing.
struct NoPick {
  /// troupe_no_capacity, troupe_all_open, policy_over_cost, caller_context_too_long or policy_no_target
  Fault fault = Fault::policy_no_target;
  Time retry_at = kNever;  ///< when the first of them could pass
};
NoPick why_none(std::span<const Candidate> candidates, std::span<const Score> scores);

}  // namespace troupe::policy
