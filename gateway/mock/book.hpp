#pragma once
// What the mock remembers of its keys: calls in rolling minutes, and who got what. Values; time is an
// argument.
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "core/time.hpp"
#include "gateway/mock/behaviour.hpp"
#include "gateway/mock/json.hpp"

namespace troupe::mock {

/// An exact rolling minute: an amount counts until 60 s after it came.
class RollingMinute {
 public:
  void add(Time now, std::int64_t amount);
  std::int64_t sum(Time now);
  /// The most that any minute ever held.
  std::int64_t worst() const { return worst_; }
  /// How long until `amount` more fits under `limit`; zero when it does now.
  Duration until_fits(Time now, std::int64_t amount, std::int64_t limit);
  /// How long until it is empty; zero when it is.
  Duration until_empty(Time now);

 private:
  void forget(Time now);
  struct Entry {
    Time at;
    std::int64_t amount;
  };
  std::deque<Entry> entries_;
  std::int64_t sum_ = 0, worst_ = 0;
};

/// One key's page. `calls` counts everything that came, `served` only what the limits let in.
struct Page {
  Rules rules;
  RollingMinute calls, served, tokens;
  std::int64_t total = 0, refused = 0, in_flight = 0, worst_in_flight = 0;
  std::map<std::string, std::int64_t> models;
  std::map<int, std::int64_t> statuses;

  /// Why and for how long a call of `size` tokens cannot be let in; nullopt when it can (and is counted).
  struct Refusal {
    std::string what;  ///< "requests", "tokens", "concurrency"
    Duration wait;
  };
  std::optional<Refusal> admit(Time now, std::int64_t size);
};

class Book {
 public:
  explicit Book(Rules everyone) : everyone_(std::move(everyone)) {}

  /// The page of a key, begun with everyone's rules. Beyond 10,000 keys the rest share one page.
  Page& page(const std::string& key);
  /// `key` absent: for everyone, pages that exist included. Fails on unknown fields.
  Result<Json> change(const Json& change);
  Json stats(Time now);
  /// {"keys":[{"key":"...cdef","last_60s","worst_60s","worst_tokens_60s","refused","total"}]}: every call
  /// that came, the refused ones too. Keys by their last four characters, short ones not at all.
  Json seen(Time now);
  const Rules& everyone() const { return everyone_; }
  /// Starts every count and rule again; calls in flight go on, so pages stay where they are.
  void reset();

 private:
  Rules everyone_;
  std::map<std::string, Page> pages_;
};

/// A key as it may be shown: short ones (no real provider's are) whole, others by their ends.
std::string shown(const std::string& key);

/// The last four characters of a key, "..." where that would be half of it.
std::string tail(const std::string& key);

}  // namespace troupe::mock
