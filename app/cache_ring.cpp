#include "app/cache_ring.hpp"

#include <boost/asio/post.hpp>

namespace troupe::app {
namespace {

constexpr auto kTick = std::chrono::milliseconds(20);
constexpr int kLook = 10;  // ticks between two looks at who is there

}  // namespace

CacheRing::CacheRing(boost::asio::io_context& io, cluster::Engine& engine, actors::Company& company,
                     NodeState& state)
    : engine_(engine), company_(company), timer_(io) {
  engine_.on_cache([&company](const std::string& from, const cache::Message& message) {
    company.hear_cache(from, message);
  });
  state.tell_cache = [&engine](const cache::Message& message) {
    for (const auto& other : engine.others()) engine.send(other, message);
  };
  boost::asio::post(io, [this] { tick(); });
}

void CacheRing::tick() {
  if (stopped_) return;
  if (turn_++ % kLook == 0) {
    auto others = engine_.others();
    const bool moved = others != others_;
    others_ = std::move(others);
    // Told again now and then: an actor that came later has heard nothing.
    if (moved || turn_ % (10 * kLook) == 1) company_.cache_members(others_);
  }
  company_.tick_cache();
  timer_.expires_after(kTick);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) tick();
  });
}

void CacheRing::stop() {
  stopped_ = true;
  timer_.cancel();
  engine_.on_cache({});
}

}  // namespace troupe::app
