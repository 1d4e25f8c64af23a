#pragma once
// What is told when a budget has reached one of its shares, in bytes.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/types.hpp"
#include "core/time.hpp"

namespace troupe::hooks {

/// One thing to tell. No prompt, no key: names and sums.
struct Notice {
  std::string id;  ///< the same however often and by whomever it is told: receivers keep the first
  std::string node, budget, title, period;
  double share = 0;               ///< that was reached: 0.8
  std::string cap_usd, used_usd;  ///< exact decimals
  std::string renews;             ///< "2026-12-01"
  config::Alert how;
};

/// {"type":"budget.alert","id",...}, or {"text"} for Slack.
std::string body_of(const Notice& notice, WallTime at);
/// Headers of the call: content type, x-troupe-alert-id, and where there is a secret
/// x-troupe-signature: t=SECONDS,v1=HEX, the HMAC-SHA256 of "SECONDS.BODY" (as Stripe signs its webhooks, so
/// that receivers have code for it; the time stops replays).
std::vector<std::pair<std::string, std::string>> headers_of(const Notice& notice, std::string_view body,
                                                            WallTime at);

/// After that many failures: 1 s, doubling to 32 s. Nothing: given up for now, whoever keeps the books says
/// it again.
constexpr int kTries = 8;
constexpr Duration pause_after(int failures) {
  return std::chrono::seconds(1LL << (failures > 6 ? 5 : failures - 1));
}

}  // namespace troupe::hooks
