#pragma once
// A configuration for the whole cluster: every member gets ready for the same one, then it is in force on
// all, or it stays as it was on all.
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "app/node_state.hpp"
#include "cluster/engine/engine.hpp"

namespace troupe::app {

/// Each node loads its own file; what the nodes must have in common has to be the same everywhere, and is
/// compared by fingerprint. A node that got ready and never hears the end puts it in force when it sees it in
/// force elsewhere, and forgets it after kKeeps. One node's I/O thread 0; outlives the questions it asks.
class ClusterReload {
 public:
  static constexpr Duration kPatience = std::chrono::seconds(4);  ///< for a member to load its file
  static constexpr Duration kKeeps = std::chrono::seconds(30);

  ClusterReload(boost::asio::io_context& io, NodeState& state, cluster::Engine& engine, const Clock& clock)
      : io_(io), state_(state), engine_(engine), clock_(clock) {}

  using Done = std::function<void(nlohmann::json)>;
  /// {"ok","revision","configuration","problems","refused","unconfirmed"}.
  void start(Done done);
  /// What another member asks: {"step":"prepare"|"commit"|"abort","configuration"}.
  void asked(const std::string& text, const cluster::Engine::Reply& reply);
  /// About each second.
  void tick();

 private:
  struct Ready {
    std::shared_ptr<const config::Config> config;
    std::uint64_t configuration = 0;
    Time until;
  };
  using Refusals = std::vector<std::pair<std::string, std::string>>;
  using Then = std::function<void(Refusals)>;

  void ask(const char* step, std::uint64_t configuration, std::vector<std::string> nodes, Then then);
  void decide(std::shared_ptr<const config::Config> config, std::uint64_t configuration,
              const std::vector<std::string>& nodes, const Refusals& refused, const Done& done);
  std::string prepare(std::uint64_t configuration);
  std::string commit(std::uint64_t configuration);

  boost::asio::io_context& io_;
  NodeState& state_;
  cluster::Engine& engine_;
  const Clock& clock_;
  std::optional<Ready> ready_;
  bool busy_ = false;
};

}  // namespace troupe::app
