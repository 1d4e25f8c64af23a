#include "config/nearest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>

namespace troupe::config {
namespace {

constexpr std::size_t kLongest = 64;
constexpr std::size_t kShortList = 12;
using Row = std::array<std::size_t, kLongest + 1>;

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  a = a.substr(0, kLongest);
  b = b.substr(0, kLongest);
  Row before{}, above{}, row{};
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = above;
    above = row;
  }
  return above[b.size()];
}

std::string nearest(std::string_view wrong, const std::vector<std::string>& names) {
  const std::size_t enough = std::max<std::size_t>(1, wrong.size() / 3);
  std::string best;
  std::size_t least = enough + 1;
  for (const auto& name : names) {
    const auto distance = edit_distance(wrong, name);
    if (distance >= least) continue;
    least = distance;
    best = name;
  }
  return best;
}

std::string suggest(std::string_view wrong, const std::vector<std::string>& names) {
  if (const auto best = nearest(wrong, names); !best.empty())
    return fmt::format("did you mean \"{}\"?", best);
  if (names.empty() || names.size() > kShortList) return {};
  return fmt::format("one of: {}", fmt::join(names, ", "));
}

}  // namespace troupe::config
