#include "app/neighbours.hpp"

#include <boost/asio/post.hpp>

namespace troupe::app {
namespace {

constexpr auto kTick = std::chrono::milliseconds(20);
constexpr int kLook = 10;  // ticks between two looks at who is there

}  // namespace

Neighbours::Neighbours(boost::asio::io_context& io, cluster::Engine& engine, actors::Company& company,
                       NodeState& state)
    : engine_(engine), company_(company), timer_(io) {
  engine_.on_health(
      [&company](const std::string& key, const policy::Hearsay& word) { company.hear(key, word); });
  engine_.on_cache([&company](const std::string& from, const cache::Message& message) {
    company.hear_cache(from, message);
  });
  engine_.on_users([&company](const std::string& from, const users::Message& message) {
    company.hear_users(from, message);
  });
  state.tell_cache = [&engine](const cache::Message& message) {
    for (const auto& other : engine.others()) engine.send(other, message);
  };
  boost::asio::post(io, [this] { tick(); });
}

void Neighbours::tick() {
  if (stopped_) return;
  if (turn_++ % kLook == 0) {
    auto others = engine_.others();
    const bool moved = others != others_;
    others_ = std::move(others);
    // Told again now and then: an actor that came later has heard nothing.
    if (moved || turn_ % (10 * kLook) == 1) company_.members(others_);
  }
  company_.tick();
  timer_.expires_after(kTick);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) tick();
  });
}

void Neighbours::stop() {
  stopped_ = true;
  timer_.cancel();
  engine_.on_health({});
  engine_.on_cache({});
  engine_.on_users({});
}

}  // namespace troupe::app
