#pragma once
// Performs the active probes that the actors ask for: tiny chat completions through the ordinary adapter and
// pool.
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>

#include "actors/routing.hpp"
#include "config/types.hpp"
#include "gateway/api/worker.hpp"

namespace troupe::api {

/// One per node, on one I/O thread; outlived by its worker. A probe is settled like any call, counted as an
/// attempt of route "probe", and told to the desk.
class Prober {
 public:
  explicit Prober(Worker& worker) : worker_(worker) {}
  Prober(const Prober&) = delete;
  Prober& operator=(const Prober&) = delete;

  /// Sends what is due. Call it about once a second.
  void tick();
  /// Sends nothing any more; what is under way is given up at its next wake (Worker::close_all() wakes it).
  void stop() { stopped_ = true; }
  /// Coroutines that still use this object.
  std::size_t under_way() const { return under_way_; }

 private:
  boost::asio::awaitable<void> look();
  boost::asio::awaitable<void> perform(actors::Probe probe);
  config::Timeouts timeouts(const actors::Endpoint& endpoint) const;

  Worker& worker_;
  std::size_t under_way_ = 0;
  bool looking_ = false, stopped_ = false;
};

/// The body of a probe, in OpenAI's shape: one message, one token of answer.
std::string probe_body(const config::Provider& provider, const std::string& prompt);

}  // namespace troupe::api
