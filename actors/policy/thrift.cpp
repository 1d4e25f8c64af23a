#include "actors/policy/thrift.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::policy {
namespace {

constexpr double kFrom = 0.8;    // of a budget
constexpr double kMost = 0.999;  // 1 is said by whoever could not pay
constexpr double kPower = 2;
constexpr double kLeast = 1e-6;  // dollars: what costs nothing is not infinitely better

double dollars(const Candidate& candidate) {
  return std::max(kLeast, candidate.cost->dollars());
}

}  // namespace

double thrift_of(double used) {
  return std::clamp((used - kFrom) / (1 - kFrom), 0.0, kMost);
}

void favour_cheap(std::vector<Candidate>& candidates, double thrift) {
  double least = 0, most = 0;
  for (const auto& candidate : candidates) {
    if (!candidate.cost || candidate.rejected != Rejection::none) continue;
    least = least == 0 ? dollars(candidate) : std::min(least, dollars(candidate));
    most = std::max(most, dollars(candidate));
  }
  if (least == 0) return;
  for (auto& candidate : candidates) {
    const double cost = candidate.cost ? dollars(candidate) : most;
    candidate.adaptive_weight *= std::pow(std::min(1.0, least / cost), kPower * thrift);
  }
}

}  // namespace troupe::policy
