// The only file that names a clock.
#include "core/time.hpp"

namespace troupe {
namespace {

class RealClock final : public Clock {
 public:
  Time now() const override { return Time{std::chrono::steady_clock::now().time_since_epoch()}; }
  WallTime wall() const override { return WallTime{std::chrono::system_clock::now().time_since_epoch()}; }
};

template <class Unit>
std::int64_t ceil_to(Duration span) {
  return span <= Duration::zero() ? 0 : std::chrono::ceil<Unit>(span).count();
}

}  // namespace

const Clock& real_clock() {
  static const RealClock clock;
  return clock;
}

std::int64_t ceil_millis(Duration span) {
  return ceil_to<std::chrono::milliseconds>(span);
}

std::int64_t ceil_seconds(Duration span) {
  return ceil_to<std::chrono::seconds>(span);
}

}  // namespace troupe
