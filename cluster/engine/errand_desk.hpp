#pragma once
// Questions to other nodes, and theirs to this one, on the engine's thread. Internal to cluster/engine.
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cluster/engine/engine.hpp"
#include "cluster/errands/rounds.hpp"

namespace troupe::cluster {

/// All but ask() and serve() on the engine's thread, and without its mutex.
class ErrandDesk {
 public:
  using Send = std::function<void(const std::string& to, const errands::Message&)>;
  static constexpr std::size_t kServing = 16;  ///< questions under way here; more are answered with 503

  ErrandDesk(boost::asio::io_context& io, const Clock& clock, Send send)
      : io_(io), clock_(clock), send_(std::move(send)) {}

  /// Any thread.
  void ask(std::vector<std::string> nodes, std::string what, std::string text, Duration patience,
           Engine::Answered done);
  /// Any thread; after it has returned the former one is not called any more.
  void serve(Engine::Serve serve);

  void hear(const std::string& peer, const errands::Message& message);
  void tick();

 private:
  void hear_ask(const std::string& peer, const errands::Ask& ask);
  void reply(const std::string& to, std::uint64_t id, std::uint32_t status, std::string text);

  boost::asio::io_context& io_;
  const Clock& clock_;
  Send send_;
  errands::Rounds rounds_;
  std::map<std::uint64_t, Engine::Answered> done_;
  std::size_t serving_ = 0;
  std::mutex mutex_;  ///< serve_
  Engine::Serve serve_;
};

}  // namespace troupe::cluster
