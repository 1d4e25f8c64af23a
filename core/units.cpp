#include "core/units.hpp"

#include <fmt/format.h>
#include <cmath>

namespace troupe {

Money from_dollars(double dollars) {
  return {std::llround(dollars * 1e12)};
}

std::string format_dollars(Money money) {
  const bool negative = money.picos < 0;
  const std::uint64_t all =
      negative ? 0 - static_cast<std::uint64_t>(money.picos) : static_cast<std::uint64_t>(money.picos);
  std::string text =
      fmt::format("{}{}.{:012}", negative ? "-" : "", all / 1'000'000'000'000ULL, all % 1'000'000'000'000ULL);
  const auto keep = text.size() - 6;
  while (text.size() > keep && text.back() == '0') text.pop_back();
  return text;
}

}  // namespace troupe
