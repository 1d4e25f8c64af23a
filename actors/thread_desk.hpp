#pragma once
// The desk of one I/O thread: coroutines on one side, actors on the other. Internal to actors/.
#include <cstdint>
#include <functional>
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
  boost::asio::awaitable<std::uint64_t> join_line(std::shared_ptr<const RequestFacts> facts,
                                                  Time deadline) override;
  void leave_line(std::uint64_t ticket, bool served) override;
  boost::asio::awaitable<Admission> admit(std::string tenant, std::string user, Tokens input,
                                          Tokens output) override;
  void settle_tenant(const std::string& tenant, PermitId permit, Usage usage, bool called,
                     Duration took) override;
  void begun(const Granted& granted, Time at) override;
  void begun_tenant(const std::string& tenant, PermitId permit, Time at) override;
  std::unique_ptr<CacheLook> look_up(const cache::Digest& key, Duration max_age,
                                     std::function<void()> ready) override;
  void keep(const cache::Digest& key, cache::EntryPtr entry, Duration ttl) override;
  boost::asio::awaitable<std::optional<Probe>> next_probe() override;
  void probed(const Probe& probe, std::optional<Fault> fault, bool tried) override;

  Port& port() { return Port::of(address_); }
  const Door<RouterHandle>& router() const { return *cast_->routers[thread_]; }
  /// In the revision in force, valid until the next call; nullptr for who never had limits.
  const TenantSeat* seat_of(const std::string& tenant);

 private:
  struct Place {
    std::shared_ptr<LineCell> line;
    std::uint64_t ticket = 0;
  };

  void settle_late(caf::message& content);
  std::shared_ptr<LineCell> line_of(const std::string& alias) const;
  boost::asio::awaitable<bool> wait_in(const Place& place, const RequestFacts& facts, Time deadline);
  void leave(const Place& place, bool served);
  void step_aside(std::uint64_t ticket);

  /// Into the letter box of a key's or a tenant's cell.
  template <class Cell>
  void put(Cell& cell, Letter letter);

  std::size_t thread_;
  std::shared_ptr<Cast> cast_;
  caf::strong_actor_ptr address_;
  std::shared_ptr<const Snapshot> known_;  ///< the revision that tenants were looked up in last
  std::uint64_t tickets_ = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<LineCell>> turns_;  ///< those who have one, by ticket
};

}  // namespace troupe::actors
