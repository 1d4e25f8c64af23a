#pragma once
// `troupe mock`: the misbehaving provider on its own.
#include <cstdint>
#include <string>
#include <vector>

#include "app/cli/context.hpp"
#include "core/result.hpp"
#include "gateway/mock/mock.hpp"

namespace troupe::cli {

/// As typed; durations with units, rates 0..1 or with %.
struct MockOptions {
  std::string listen = "127.0.0.1:9100", ttft = "50ms";
  double tps = 80, error_rate = 0, overload_rate = 0, rate_limit_rate = 0, cut_rate = 0, stall_rate = 0,
         malformed_rate = 0;
  std::int64_t tokens = 32, rpm = 0, tpm = 0, concurrency = 0;
  std::vector<std::string> dead;    ///< keys
  std::vector<std::string> limits;  ///< KEY:RPM
  std::uint64_t seed = 1;
};

/// Fails with what is wrong with an option.
Result<mock::Options> mock_options(const MockOptions& typed);

/// Prints its address and runs until SIGINT or SIGTERM; 1 when it cannot listen.
int run_mock(const Context& context, const MockOptions& typed);

}  // namespace troupe::cli
