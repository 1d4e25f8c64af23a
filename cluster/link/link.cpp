#include "cluster/link/link.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "cluster/link/hub.hpp"

namespace troupe::link {

namespace asio = boost::asio;

Link::Link(std::shared_ptr<Hub> hub) : hub_(std::move(hub)) {}

Result<std::unique_ptr<Link>> Link::start(asio::io_context& io, const Settings& settings, Callbacks callbacks,
                                          const Clock& clock, Random random) {
  auto tls = read_tls(settings.tls, settings.node);
  if (!tls) return tl::unexpected(tls.error());
  auto hub = std::make_shared<Hub>(io, settings, std::move(callbacks), clock, random);
  hub->use(std::move(*tls));
  if (auto listening = hub->listen(); !listening) return tl::unexpected(listening.error());
  asio::post(io, [hub] { hub->begin(); });
  return std::unique_ptr<Link>(new Link(std::move(hub)));
}

Link::~Link() {
  hub_->mute();
  stop();
}

void Link::set_peers(std::vector<Endpoint> peers) {
  // Their outboxes are there at once: what is sent right after this call waits for the connection.
  for (const auto& peer : peers) {
    if (peer.name != hub_->node()) hub_->board().enlist(peer.name);
  }
  asio::post(hub_->io(), [hub = hub_, peers = std::move(peers)] { hub->set_peers(peers); });
}

void Link::set_seeds(std::vector<std::string> addresses) {
  asio::post(hub_->io(), [hub = hub_, addresses = std::move(addresses)] { hub->set_seeds(addresses); });
}

bool Link::send(std::string_view peer, Slot slot, std::string payload) {
  const auto posted = hub_->board().post(peer, slot, std::move(payload));
  if (posted == Board::Posted::wake) asio::post(hub_->io(), [hub = hub_] { hub->flush(); });
  return posted != Board::Posted::refused;
}

bool Link::offer(std::string_view peer, std::string payload) {
  const auto posted = hub_->board().offer(peer, std::move(payload));
  if (posted == Board::Posted::wake) asio::post(hub_->io(), [hub = hub_] { hub->flush(); });
  return posted != Board::Posted::refused;
}

Result<void> Link::reload(const TlsFiles& files) {
  auto tls = read_tls(files, hub_->node());
  if (!tls) return tl::unexpected(tls.error());
  asio::post(hub_->io(), [hub = hub_, pair = std::move(*tls)] { hub->use(pair); });
  return {};
}

void Link::stop() {
  asio::post(hub_->io(), [hub = hub_] { hub->stop(); });
}

const std::string& Link::address() const {
  return hub_->address();
}

std::vector<PeerStats> Link::peers() const {
  return hub_->board().peers();
}

RefusedStats Link::refused() const {
  return hub_->board().refused();
}

void Link::tick() {
  hub_->tick();
}

}  // namespace troupe::link
