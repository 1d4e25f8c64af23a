#include "actors/policy/retry_budget.hpp"

#include <algorithm>

namespace troupe::policy {
namespace {

std::int64_t second_of(Time now) {
  return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
}

}  // namespace

RetryBudget::Bucket& RetryBudget::at(Time now) {
  const auto second = second_of(now);
  auto& bucket = buckets_[static_cast<std::size_t>(((second % kBuckets) + kBuckets) % kBuckets)];
  if (bucket.second != second) bucket = {second, 0, 0};
  return bucket;
}

template <class Member>
std::int64_t RetryBudget::sum(Time now, Member member) const {
  const auto oldest = second_of(now) - kBuckets + 1;
  std::int64_t total = 0;
  for (const auto& bucket : buckets_) {
    if (bucket.second >= oldest) total += bucket.*member;
  }
  return total;
}

std::int64_t RetryBudget::requests(Time now) {
  return sum(now, &Bucket::requests);
}

std::int64_t RetryBudget::retries(Time now) {
  return sum(now, &Bucket::retries);
}

void RetryBudget::request(Time now) {
  ++at(now).requests;
}

bool RetryBudget::try_retry(Time now) {
  const auto allowed =
      std::max(floor_, static_cast<std::int64_t>(share_ * static_cast<double>(requests(now))));
  if (retries(now) >= allowed) return false;
  ++at(now).retries;
  return true;
}

}  // namespace troupe::policy
