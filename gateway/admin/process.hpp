#pragma once
// The process as its operating system sees it (Prometheus' standard process metrics).
#include <cstdint>

namespace troupe::admin {

struct ProcessFigures {
  double cpu_seconds = 0;
  std::uint64_t resident_bytes = 0, virtual_bytes = 0, open_fds = 0, max_fds = 0, threads = 0;
};

/// Reads /proc/self; fields that cannot be read stay 0.
ProcessFigures process_figures();

}  // namespace troupe::admin
