#pragma once
// What a call cost, by the endpoint's prices; and a labelled estimate where the provider gave no figures.
#include <optional>

#include "actors/routing.hpp"
#include "core/units.hpp"

namespace troupe::api {

/// About four bytes of text are one token (provider-independent rule of thumb); marked as estimated.
Usage estimated_usage(Tokens input, std::int64_t output_bytes);

/// Exact to the pico-dollar; nullopt when a price that is needed is unknown.
std::optional<Money> cost_of(const actors::Endpoint& endpoint, const Usage& usage);

}  // namespace troupe::api
