#pragma once
// The desk of one I/O thread: coroutines on one side, actors on the other. Internal to actors/.
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "actors/desk.hpp"
#include "actors/port.hpp"
#include "actors/supervisor.hpp"

namespace troupe::actors {

class ThreadDesk final : public Desk {
 public:
  ThreadDesk(caf::actor_system& system, std::size_t thread, std::shared_ptr<Cast> cast);

  boost::asio::awaitable<RouteAnswer> route(RouteAsk ask) override;
  void settle(const Granted& granted, Settlement settlement) override;
  boost::asio::awaitable<bool> join_line(std::string alias, Time deadline) override;
  void leave_line(const std::string& alias) override;

  Port& port() { return Port::of(address_); }
  const Door<RouterHandle>& router() const { return *cast_->routers[thread_]; }

 private:
  struct Place {
    std::shared_ptr<LineCell> line;
    std::uint64_t ticket = 0;
  };

  void settle_late(caf::message& content);
  std::shared_ptr<LineCell> line_of(const std::string& alias) const;
  boost::asio::awaitable<bool> wait_in(const Place& place, Time deadline);
  void leave(const Place& place);

  std::size_t thread_;
  std::shared_ptr<Cast> cast_;
  caf::strong_actor_ptr address_;
  std::uint64_t tickets_ = 0;
  std::unordered_multimap<std::string, Place> heads_;  ///< places at the head, by alias
};

}  // namespace troupe::actors
