#pragma once
// Keeps what a clustered node shares with its neighbours in step: who is there, what they say of keys, of
// the cache and of the users of tenants, and their deadlines.
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
class Neighbours {
 public:
  /// Sets `state.tell_cache`.
  Neighbours(boost::asio::io_context& io, cluster::Engine& engine, actors::Company& company,
             NodeState& state);
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
