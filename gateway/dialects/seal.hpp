#pragma once
// Seals of thoughts that travel through a dialect that is not their own.
#include <string>
#include <string_view>

#include "gateway/dialects/dialect.hpp"

namespace troupe::dialects {

/// Whose seal it is, and the seal as its dialect says it.
struct Seal {
  Dialect origin;
  std::string signature;
};

/// `own` seals stay as they are; another's carries its origin before it: "responses#gAAAA...".
std::string write_seal(Dialect origin, std::string_view signature, Dialect own);
/// What write_seal() wrote. No seal has a '#' of its own: they are base64.
Seal read_seal(std::string_view written, Dialect own);

}  // namespace troupe::dialects
