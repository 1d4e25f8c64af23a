#include "cluster/engine/diary.hpp"

#include "core/log.hpp"

namespace troupe::cluster {
namespace {

constexpr auto kEvery = std::chrono::seconds(1);

}  // namespace

void Diary::heard(const Message& message) {
  if (takes_part_ || std::holds_alternative<Report>(message) || std::holds_alternative<Prepare>(message))
    return;
  takes_part_ = true;
  tick();
}

void Diary::tick() {
  const auto now = clock_.now();
  if (!last_.keeps() || !takes_part_ || now - noted_ < kEvery) return;
  const bool first = noted_ == kLongAgo;
  noted_ = now;
  if (!last_.touch(this_moment(clock_), first)) log::warn("store").text("path", store_);
}

}  // namespace troupe::cluster
