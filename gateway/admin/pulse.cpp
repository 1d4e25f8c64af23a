#include "gateway/admin/pulse.hpp"

#include <algorithm>
#include <numeric>

namespace troupe::admin {
namespace {

double seconds(Duration span) {
  return std::chrono::duration<double>(span).count();
}

Sketch::Plain difference(const Sketch::Plain& later, const Sketch::Plain& earlier) {
  Sketch::Plain out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = later[i] - earlier[i];
  return out;
}

}  // namespace

std::optional<double> quantile_ms(const Sketch::Plain& sketch, double q) {
  const auto all = std::accumulate(sketch.begin(), sketch.end(), std::uint64_t{0});
  if (all == 0) return {};
  const auto rank =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(all))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < sketch.size(); ++i)
    if ((seen += sketch[i]) >= rank) return Sketch::middle_ms(i);
  return Sketch::middle_ms(sketch.size() - 1);
}

void Pulse::read(Time now, const Totals& totals) {
  if (!readings_.empty() && now - readings_.back().at < std::chrono::milliseconds(900)) return;
  readings_.push_back({now, totals});
  while (readings_.size() > 1 && now - readings_[1].at >= kQuantiles) readings_.pop_front();
}

const Pulse::Reading* Pulse::oldest_within(Time now, Duration span) const {
  for (const auto& reading : readings_)
    if (now - reading.at <= span) return &reading;
  return readings_.empty() ? nullptr : &readings_.back();
}

Rates Pulse::rates(Time now, const Totals& totals) const {
  Rates out;
  const auto* recent = oldest_within(now, kRates);
  const auto* minute = oldest_within(now, kQuantiles);
  if (!recent || !minute) return out;
  if (const double span = seconds(now - recent->at); span > 0) {
    const auto& was = recent->totals;
    out.requests_per_s = static_cast<double>(totals.finished - was.finished) / span;
    out.tokens_in_per_s = static_cast<double>(totals.input - was.input) / span;
    out.tokens_out_per_s = static_cast<double>(totals.output - was.output) / span;
    out.usd_per_h = Money{totals.picos - was.picos}.dollars() / span * 3600;
  }
  const auto& before = minute->totals;
  if (totals.finished > before.finished)
    out.failed_ratio = static_cast<double>(totals.failed - before.failed) /
                       static_cast<double>(totals.finished - before.finished);
  const auto sketch = difference(totals.first_token, before.first_token);
  out.first_token_p50_ms = quantile_ms(sketch, 0.5);
  out.first_token_p99_ms = quantile_ms(sketch, 0.99);
  return out;
}

}  // namespace troupe::admin
