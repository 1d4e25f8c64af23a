#pragma once
// The mock providers of a configuration, as real HTTP servers on loopback inside this process (decision
// 0004).
#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "config/types.hpp"
#include "core/result.hpp"
#include "gateway/mock/mock.hpp"

namespace troupe::app {

/// Everything on one I/O thread.
class EmbeddedMock {
 public:
  explicit EmbeddedMock(boost::asio::io_context& io) : io_(io) {}

  /// Starts a server for each provider of type mock without a base_url, and answers the configuration with
  /// their addresses filled in. A provider whose behaviour changed gets a new server; requests under way keep
  /// the old one's answer.
  Result<std::shared_ptr<const config::Config>> serve(std::shared_ptr<const config::Config> config);
  void stop();

 private:
  struct Running {
    config::MockBehaviour behaviour;
    std::unique_ptr<mock::Server> server;
  };
  boost::asio::io_context& io_;
  std::map<std::string, Running> running_;
  std::vector<std::unique_ptr<mock::Server>>
      old_;  ///< of earlier revisions; requests under way may still use them
};

}  // namespace troupe::app
