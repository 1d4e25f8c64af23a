#pragma once
// The words between a session and the actors. No CAF here.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/prices.hpp"
#include "config/types.hpp"
#include "core/fault.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace troupe::actors {

class KeyCell;       // a key's state, which outlives its actor; opaque outside actors/
struct RouteWeight;  // an endpoint's adaptive weight; opaque outside actors/

/// Per-token prices of one target; nullopt = unknown (never taken for zero).
struct Price {
  std::optional<Money> input, output, cached_read, cached_write, reasoning;
};

/// A provider key in a configuration revision. Shared, immutable. `id` is "provider/key".
struct KeyInfo {
  std::string id;
  std::uint32_t index = 0;  ///< dense, within the snapshot
  config::Key key;
  std::shared_ptr<const config::Provider> provider;
  std::shared_ptr<KeyCell> cell;  ///< set by the Company, for its desks; others leave it alone
};

/// Target + key: what a router picks in the end. Shared, immutable, lives as long as anyone holds it.
struct Endpoint {
  std::uint32_t index = 0;  ///< dense, within the snapshot; the bit in RouteAsk::tried
  std::shared_ptr<const KeyInfo> key;
  std::string alias;  ///< the alias it was reached by
  std::string model;  ///< the provider's model name
  Price price;
  /// The catalogue's facts with the target's own prices applied; nullptr = a model that the catalogue does
  /// not know.
  std::shared_ptr<const config::ModelInfo> info;
  std::int64_t context_window = 0;  ///< tokens of the longest prompt; 0 = unknown
  double weight = 1;                ///< target weight x key weight
  int tier = 1;
  std::shared_ptr<RouteWeight> adapted;  ///< set by the Company when the alias adapts its weights
};

/// What routing may know of a request: facts, never text.
struct RequestFacts {
  std::string request_id;
  std::string model;  ///< as the client asked: alias or provider/model
  Tokens input{0};    ///< estimate
  Tokens output{0};   ///< the client's cap, or the default assumption
  bool stream = false, tools = false, images = false, json_schema = false;
  std::optional<Money> max_cost;            ///< for the whole request
  std::optional<Duration> max_latency;      ///< to the first token
  std::string pinned_provider, pinned_key;  ///< empty = any
  bool fallback = true;
  std::string tenant;
  std::string user;  ///< the tenant's end user, as the client names him; empty: not said
  config::RequestClass priority = config::RequestClass::interactive;
  double weight = 1;         ///< of the tenant, where there is not enough for all
  std::uint64_t sticky = 0;  ///< who stays with one endpoint, where the alias does so; 0: nobody
  std::shared_ptr<const std::vector<std::string>> providers;  ///< that may answer; nullptr = any
  double thrift = 0;  ///< 0 to 1: how much cheaper endpoints are preferred; 1 = the cheapest that can answer
};

struct RouteAsk {
  std::shared_ptr<const RequestFacts> facts;
  std::vector<std::uint32_t> tried_keys;     ///< KeyInfo::index: not these again
  std::vector<std::string> tried_providers;  ///< provider names: not these again
  bool in_line = false;                      ///< has the turn in the model's waiting line
  bool hedge = false;  ///< a second call beside one that is slow: refused when hedges are at their share
  std::uint64_t ticket = 0;  ///< of the place in that line; 0: it left, or never joined
};

using PermitId = std::uint64_t;  ///< unique per key actor incarnation

/// Leave to make one call; settle exactly once.
struct Granted {
  PermitId permit = 0;
  std::shared_ptr<const Endpoint> endpoint;
  std::uint32_t fallback = 0;  ///< 0 primary alias, N = Nth fallback alias
  bool probe = false;          ///< half-open breaker's probe
  double score = 0;
  std::optional<Duration> hedge_after;  ///< set when this call may be hedged after so long
  Time send_by = kNever;  ///< not sent by then, it must be settled as not called and asked for again
};

/// No permit. `retry_at` is the earliest instant at which asking again could succeed (kNever: not by
/// waiting). `key` is set when one key refused after being picked (ask again with it in tried_keys).
struct Refused {
  Fault fault = Fault::troupe_no_capacity;
  Time retry_at = kNever;
  std::string why;  ///< "every key of 'smart' is out of requests per minute"
  std::optional<std::uint32_t> key;
  bool wait_in_line = false;  ///< others wait for this model already, or waiting could help
  bool kept = false;          ///< there is capacity, for other tenants or higher classes
};

using RouteAnswer = std::variant<Granted, Refused>;

/// Provider truth from the headers of any answer; absent fields say nothing. Resets are spans from now.
struct ProviderLimits {
  struct Window {
    std::optional<std::int64_t> limit, remaining;
    std::optional<Duration> reset;
    bool any() const { return limit || remaining || reset; }
  };
  Window requests_minute, tokens_minute, input_tokens_minute, output_tokens_minute, requests_day, tokens_day;
  std::optional<Duration> retry_after;  ///< honour on errors only
};

/// How a call ended. The session sends exactly one per permit.
struct Settlement {
  PermitId permit = 0;
  std::optional<Fault> fault;  ///< nullopt = success
  bool called = true;          ///< false: nothing was sent to the provider, the permit returns unused
  Usage usage;                 ///< what was relayed, also on faults
  std::optional<Money> cost;   ///< nullopt = unknown price
  std::optional<Duration> first_token, total;
  ProviderLimits limits;
};

/// The provider has begun to answer a call that goes on. At most one per permit.
struct Begun {
  PermitId permit = 0;
  Time at{};  ///< when its first byte came
};

/// A health check that is due, with its permit: perform it and settle it like any call.
struct Probe {
  Granted granted;
  std::string prompt;
};

}  // namespace troupe::actors
