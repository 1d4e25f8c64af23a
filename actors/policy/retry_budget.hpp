#pragma once
// Retries may be at most a share of the requests: a retry storm cannot multiply an outage. (Finagle's retry
// budget.)
#include <array>
#include <cstdint>

#include "core/time.hpp"

namespace troupe::policy {

/// Counts requests and retries over the last 10 s in one-second buckets. `floor` retries in that window are
/// always allowed, so that a node with little traffic can retry at all: the bound is max(floor, share x
/// requests). One owner; not thread-safe.
class RetryBudget {
 public:
  explicit RetryBudget(double share, std::int64_t floor = 3) : share_(share), floor_(floor) {}

  void request(Time now);
  /// Counts one retry when it fits; false when it does not.
  bool try_retry(Time now);
  void set_share(double share) { share_ = share; }
  std::int64_t requests(Time now);
  std::int64_t retries(Time now);

 private:
  struct Bucket {
    std::int64_t second = -1, requests = 0, retries = 0;
  };
  Bucket& at(Time now);
  template <class Member>
  std::int64_t sum(Time now, Member member) const;

  static constexpr std::int64_t kBuckets = 10;
  double share_;
  std::int64_t floor_;
  std::array<Bucket, kBuckets> buckets_;
};

}  // namespace troupe::policy
