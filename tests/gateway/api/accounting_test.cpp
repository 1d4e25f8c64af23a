#include "gateway/api/accounting.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;

TEST_CASE("a missing usage is estimated from what was relayed, and says so") {
  const auto usage = api::estimated_usage({100}, 41);
  CHECK(usage.input.count == 100);
  CHECK(usage.output.count == 11);
  CHECK(usage.estimated);
}

TEST_CASE("a call to a model without known prices has an unknown cost, not a cost of zero") {
  actors::Endpoint endpoint;
  Usage usage;
  usage.input = {1000};
  CHECK_FALSE(api::cost_of(endpoint, usage).has_value());
  auto info = std::make_shared<config::ModelInfo>();
  info->input = from_dollars(0.000001);
  endpoint.info = info;
  usage.output = {10};
  CHECK_FALSE(api::cost_of(endpoint, usage).has_value());  // the output price is still unknown
  info->output = from_dollars(0.000002);
  CHECK(api::cost_of(endpoint, usage)->micros_up() == 1020);
}
