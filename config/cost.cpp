// What a usage costs, in whole pico-dollars; sums that leave the range stay at its end.
#include <algorithm>
#include <limits>

#include "config/prices.hpp"

namespace troupe::config {
namespace {

using Priced = std::optional<Money>;

/// The prices that hold for a prompt of one length.
struct Rates {
  Priced input, output, cached_read, cached_write, reasoning;
};

Rates rates_for(const ModelInfo& info, Tokens prompt) {
  Rates rates{info.input, info.output, info.cached_read, info.cached_write, info.reasoning};
  const PriceTier* best = nullptr;
  for (const auto& tier : info.tiers) {
    const bool applies = prompt > tier.above_input;
    if (applies && (best == nullptr || tier.above_input > best->above_input)) best = &tier;
  }
  if (best == nullptr) return rates;
  return {best->input, best->output, best->cached_read, best->cached_write, info.reasoning};
}

/// Adds up priced tokens; one needed price that is unknown makes the sum unknown.
class Sum {
 public:
  void add(Priced price, std::int64_t tokens, std::int64_t times = 1) {
    if (tokens <= 0) return;
    if (!price) {
      known_ = false;
      return;
    }
    std::int64_t part = 0;
    const bool over = __builtin_mul_overflow(price->picos, tokens, &part) ||
                      __builtin_mul_overflow(part, times, &part) ||
                      __builtin_add_overflow(total_, part, &total_);
    if (over) total_ = std::numeric_limits<std::int64_t>::max();
  }
  std::optional<Money> result() const { return known_ ? std::optional(Money{total_}) : std::nullopt; }

 private:
  std::int64_t total_ = 0;
  bool known_ = true;
};

std::int64_t within(Tokens part, std::int64_t whole) {
  return std::clamp<std::int64_t>(part.count, 0, std::max<std::int64_t>(whole, 0));
}

}  // namespace

std::optional<Money> cost_of(const ModelInfo& info, const Usage& usage) {
  const auto rates = rates_for(info, usage.input);
  const auto read = within(usage.cached_read, usage.input.count);
  const auto write = within(usage.cached_write, usage.input.count - read);
  const auto write_1h = within(usage.cached_write_1h, write);
  const auto reasoning = within(usage.reasoning, usage.output.count);
  Sum sum;
  sum.add(rates.input, usage.input.count - read - write);
  sum.add(rates.cached_read, read);
  sum.add(rates.cached_write, write - write_1h);
  sum.add(rates.input, write_1h, 2);
  sum.add(rates.output, usage.output.count - reasoning);
  sum.add(rates.reasoning ? rates.reasoning : rates.output, reasoning);
  return sum.result();
}

}  // namespace troupe::config
