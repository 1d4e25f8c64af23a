#pragma once
// One source of chance, passed in. The same seed gives the same run.
#include <cstdint>

namespace troupe {

/// A small fast generator (xoshiro256**, Blackman & Vigna 2018). Not for secrets: those come from OpenSSL.
/// One per thread or per owner; not thread-safe.
class Random {
 public:
  explicit Random(std::uint64_t seed);

  /// Uniform over all 64-bit values.
  std::uint64_t next();
  /// Uniform in [0, bound); 0 when bound is 0.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [0, 1).
  double unit();

 private:
  std::uint64_t state_[4];
};

/// A seed from the operating system. For production wiring only.
std::uint64_t entropy_seed();

}  // namespace troupe
