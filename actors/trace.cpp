#include "actors/trace.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>

namespace troupe::actors {
namespace {
constexpr double kMinute = 60;
}

void Trace::fade(Time now) {
  const double elapsed = std::chrono::duration<double>(now - faded_).count();
  const double keep = std::exp(-std::max(elapsed, 0.0) / kMinute);
  faded_ = std::max(faded_, now);
  recent_messages_ = recent_messages_ * keep + static_cast<double>(messages_ - counted_);
  recent_busy_s_ *= keep;
  counted_ = messages_;
}

void Trace::sample(Duration busy, std::uint64_t mailbox, Time now) {
  fade(now);
  recent_busy_s_ += std::chrono::duration<double>(busy).count() * static_cast<double>(kSampleEvery);
  mailbox_max_ = std::max(mailbox_max_, mailbox);
}

// A young actor has not lived a minute yet: what faded sums stand for grows towards one.
double Trace::span(Time now) const {
  return std::max(kMinute * (1 - std::exp(-age_seconds(now) / kMinute)), 1.0);
}

double Trace::rate(Time now) {
  fade(now);
  return recent_messages_ / span(now);
}

double Trace::busy_percent(Time now) {
  fade(now);
  return std::min(100.0, 100 * recent_busy_s_ / span(now));
}

std::string Trace::last_message() const {
  if (!last_) return messages_ ? "system" : "";
  int status = 0;
  std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(last_->name(), nullptr, nullptr, &status),
                                              std::free);
  std::string name = status == 0 ? text.get() : last_->name();
  const auto colon = name.rfind(':');
  return colon == std::string::npos ? name : name.substr(colon + 1);
}

}  // namespace troupe::actors
