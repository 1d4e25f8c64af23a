// The whole key against a provider that keeps its own log.
#include <map>
#include <tuple>
#include <vector>

#include "actors/policy/key_state.hpp"
#include "tests/policy/property.hpp"
#include "tests/policy/provider_log.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using namespace troupe::policy;
using troupe::testing::ProviderLog;

namespace {

const Time kStart{100h};

struct Provider {
  ProviderLog requests, input, output, all;
  std::int64_t in_flight = 0, most_in_flight = 0;
};

/// Wait before the call, how it ends, way there, to the first token, to the end (ms), input, output tokens.
using Call = std::tuple<int, int, int, int, int, int, int>;

std::optional<Fault> ending(int how) {
  if (how == 6) return Fault::provider_rate_limited_tokens;
  if (how == 7) return Fault::provider_stream_cut;
  if (how == 8) return Fault::provider_server_error;
  if (how == 9) return Fault::caller_gone;
  return std::nullopt;
}

class Play {
 public:
  explicit Play(const config::Limits& limits) : key(limits, config::Breaker{}) {}

  void call(const Call& call) {
    const auto& [gap, how, there, first, rest, in, out] = call;
    now += std::chrono::milliseconds(gap);
    settle_until(now);
    const auto got = key.acquire({{in}, {out}, false}, now, random);
    const auto* grant = std::get_if<Grant>(&got);
    if (!grant || how == 0) return grant ? later(now + 5ms, unsent(grant->permit)) : void();
    const Time arrival = now + std::chrono::milliseconds(there);
    const Time end = arrival + std::chrono::milliseconds(first + rest);
    provider.requests.saw(arrival, 1);
    const bool fully = how % 2 == 0;
    const int used = how == 6 ? 0 : fully ? out : out / 2;
    if (how != 6) provider.input.saw(arrival, in);
    provider.output.saw(end, used);
    provider.all.saw(end, how == 6 ? 0 : in + used);
    provider.most_in_flight = std::max(provider.most_in_flight, ++provider.in_flight);
    if (how == 5) return;  // forgotten by its session
    Settled settled;
    settled.permit = grant->permit;
    settled.fault = ending(how);
    settled.first_token = std::chrono::milliseconds(there + first);
    settled.total = end - now;
    if (!settled.fault) settled.usage.input = {in}, settled.usage.output = {used};
    later(end, settled);
  }

  void settle_until(Time until) {
    while (!flights.empty() && flights.begin()->first <= until) {
      key.settle(flights.begin()->second, flights.begin()->first, random);
      if (flights.begin()->second.called) --provider.in_flight;
      flights.erase(flights.begin());
    }
  }

  KeyState key;
  Random random{5};
  Time now = kStart;
  Provider provider;
  std::multimap<Time, Settled> flights;

 private:
  static Settled unsent(PermitId permit) {
    Settled settled;
    settled.permit = permit;
    settled.called = false;
    return settled;
  }
  void later(Time at, Settled settled) { flights.emplace(at, settled); }
};

rc::Gen<std::vector<Call>> calls() {
  using rc::gen::inRange;
  return rc::gen::resize(300, rc::gen::container<std::vector<Call>>(rc::gen::tuple(
                                  inRange(0, 900), inRange(0, 10), inRange(0, 2000), inRange(0, 5000),
                                  inRange(0, 20'000), inRange(1, 100), inRange(0, 100))));
}

}  // namespace

TEST_CASE("whatever the calls do, the provider never sees a limit exceeded") {
  troupe::testing::holds(
      [] {
        const config::Limits limits{
            .rpm = 20, .tpm = 1500, .itpm = 900, .otpm = 700, .rpd = 100, .tpd = 6000, .concurrency = 8};
        Play play(limits);
        for (const auto& call : *calls()) play.call(call);
        const auto& seen = play.provider;
        RC_ASSERT(seen.requests.most_in(60s) <= limits.rpm);
        RC_ASSERT(seen.requests.most_in(24h) <= limits.rpd);
        RC_ASSERT(seen.input.most_in(60s) <= limits.itpm);
        RC_ASSERT(seen.output.most_in(60s) <= limits.otpm);
        RC_ASSERT(seen.all.most_in(60s) <= limits.tpm);
        RC_ASSERT(seen.all.most_in(24h) <= limits.tpd);
        RC_ASSERT(seen.most_in_flight <= limits.concurrency);
      },
      200);
}

TEST_CASE("permits are conserved, and at the end nothing is held") {
  troupe::testing::holds(
      [] {
        Play play({.rpm = 50, .tpm = 5000, .concurrency = 20});
        for (const auto& call : *calls()) {
          play.call(call);
          const auto all = play.key.snapshot(play.now);
          RC_ASSERT(all.granted == all.settled + all.reclaimed + static_cast<std::uint64_t>(all.in_flight));
        }
        play.settle_until(play.now + 1h);
        play.key.tick(play.now + 1h);
        const auto all = play.key.snapshot(play.now + 1h);
        RC_ASSERT(all.in_flight == 0);
        RC_ASSERT(all.granted == all.settled + all.reclaimed);
        for (const auto& window : all.windows) RC_ASSERT(window.reserved == 0);
      },
      40);
}
