#pragma once
// What becomes of a line that was answered.
#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace troupe::batch {

enum class Fate : std::uint8_t {
  good,   ///< to the output file
  bad,    ///< to the file of errors
  waits,  ///< there was no room for it; asked again, however often
  again,  ///< something broke; asked again a few times
};

inline constexpr int kTries = 3;  ///< of a line on which something breaks

/// `tries`: how often something broke, this time included. `left`: until the batch's window ends. No room
/// (429, 503) is no failure of the line, unless there will be none within the window: a budget that renews
/// later, for example.
Fate judge(int status, std::optional<Duration> retry_after, int tries, Duration left);

}  // namespace troupe::batch
