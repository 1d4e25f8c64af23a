#include "app/embedded_mock.hpp"

namespace troupe::app {
namespace {

bool embedded(const config::Provider& provider) {
  return provider.type == config::ProviderType::mock && provider.base_url.empty();
}

}  // namespace

Result<std::shared_ptr<const config::Config>> EmbeddedMock::serve(
    std::shared_ptr<const config::Config> config) {
  auto completed = std::make_shared<config::Config>(*config);
  for (auto& provider : completed->providers) {
    if (!embedded(provider)) continue;
    auto& running = running_[provider.name];
    if (!running.server || !(running.behaviour == provider.mock)) {
      mock::Options options;
      options.everyone.behaviour = provider.mock;
      options.seed = provider.mock.seed;
      auto server = mock::Server::start(io_, "127.0.0.1:0", std::move(options), real_clock());
      if (!server) return tl::unexpected(server.error());
      if (running.server) old_.push_back(std::move(running.server));
      running = {provider.mock, std::move(*server)};
    }
    provider.base_url = "http://127.0.0.1:" + std::to_string(running.server->port()) + "/v1";
  }
  return completed;
}

void EmbeddedMock::stop() {
  old_.clear();
  running_.clear();
}

}  // namespace troupe::app
