#pragma once
// Keeps the cache of a clustered node in step: who is in its ring, what others say, and its deadlines.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <string>
#include <vector>

#include "actors/company.hpp"
#include "app/node_state.hpp"
#include "cluster/engine/engine.hpp"

namespace troupe::app {

/// Everything borrowed outlives it. All but the constructor on the thread of `io`; stop() before the company
/// goes.
class CacheRing {
 public:
  /// Sets `state.tell_cache`.
  CacheRing(boost::asio::io_context& io, cluster::Engine& engine, actors::Company& company, NodeState& state);
  void stop();

 private:
  void tick();

  cluster::Engine& engine_;
  actors::Company& company_;
  boost::asio::steady_timer timer_;
  std::vector<std::string> others_;
  int turn_ = 0;
  bool stopped_ = false;
};

}  // namespace troupe::app
