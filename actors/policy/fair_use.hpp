#pragma once
// How the tenants that use one key share its limits while there is not enough for all.
#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "core/time.hpp"

namespace troupe::policy {

/// For whom a call is made.
struct Claimant {
  std::uint64_t who = 0;  ///< hash of the tenant's name
  double weight = 1;      ///< its part where there is not enough for all
};

/// Weighted max-min fairness over rolling windows. A window that one tenant has emptied stays empty for a
/// minute, whoever comes then: order in a line cannot mend that. So a tenant that has its share leaves free
/// what the others may still claim of theirs: their share, or a tenth more than what they used in the last
/// minute where they were never short of anything. What nobody claims is for whoever asks.
///
/// Counts only while the key is short, from the first call it had to refuse until a minute after the last:
/// otherwise one comparison. The first minute of scarcity is therefore not shared fairly, it was spent before
/// anybody knew. Day windows are not shared: a day's allowance is a matter of budgets.
///
/// At most kMost tenants are told apart; those beyond are bound by none of this. A value; not thread-safe.
class FairUse {
 public:
  /// rpm, tpm, itpm, otpm, concurrency
  static constexpr std::size_t kLimits = 5, kConcurrency = 4, kMost = 512;
  static constexpr Duration kSpan = std::chrono::minutes(1);
  using Amounts = std::array<std::int64_t, kLimits>;

  bool quiet(Time now) const { return now >= short_until_; }

  /// What `claimant` must leave free for others when it takes `needed`: zeroes within its share. `limits`: 0
  /// means none.
  Amounts keep(const Claimant& claimant, const Amounts& needed, const Amounts& limits, Time now);
  /// There was not enough for `claimant`. `held_off`: only because others have a claim.
  void fell_short(const Claimant& claimant, bool held_off, Time now);

  /// A call takes these. True when they are counted: then ended() must be told how it ends.
  bool took(std::uint64_t who, const Amounts& amounts, Time now);
  /// Of `held`, what was really used. Concurrency only comes back.
  void ended(std::uint64_t who, const Amounts& held, const Amounts& used, Time now);

  std::size_t tenants() const { return tenants_.size(); }

 private:
  /// What went through in the last minute, to a second.
  class Minute {
   public:
    void add(std::int64_t amount, std::int64_t second);
    std::int64_t sum(std::int64_t second);

   private:
    static constexpr std::size_t kSeconds = 61;
    void advance(std::int64_t second);
    std::array<std::int64_t, kSeconds> seconds_{};
    std::int64_t at_ = 0, sum_ = 0;
  };
  struct Tenant {
    double weight = 1;
    std::array<Minute, kConcurrency> used;
    Amounts held{};
    std::int64_t peak = 0, peak_before = 0;  ///< calls at a time, in this half minute and in the last
    std::int64_t half = 0;
    Time seen{}, unmet_until{};
  };

  Tenant* find(const Claimant& claimant, Time now);
  void forget_idle(Time now);
  std::int64_t uses(Tenant& tenant, std::size_t limit, Time now);
  std::int64_t claims(Tenant& tenant, std::size_t limit, double share, Time now);
  static void note_peak(Tenant& tenant, Time now);

  Time short_until_ = Time::min();
  std::unordered_map<std::uint64_t, Tenant> tenants_;
};

}  // namespace troupe::policy
