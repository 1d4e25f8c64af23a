#include "gateway/api/accounting.hpp"

#include "config/prices.hpp"

namespace troupe::api {

Usage estimated_usage(Tokens input, std::int64_t output_bytes) {
  Usage usage;
  usage.input = input;
  usage.output = {(output_bytes + 3) / 4};
  usage.estimated = true;
  return usage;
}

std::optional<Money> cost_of(const actors::Endpoint& endpoint, const Usage& usage) {
  return endpoint.info ? config::cost_of(*endpoint.info, usage) : std::nullopt;
}

}  // namespace troupe::api
