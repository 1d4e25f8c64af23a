#include "cluster/link/hub.hpp"

#include <algorithm>
#include <utility>

#include "core/log.hpp"

namespace troupe::link {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {
constexpr Duration kLogPause = std::chrono::seconds(10);  // strangers must not fill the log
}

Hub::Hub(asio::io_context& io, const Settings& settings, Callbacks callbacks, const Clock& clock,
         Random random)
    : io_(io),
      settings_(settings),
      callbacks_(std::move(callbacks)),
      clock_(clock),
      random_(random),
      nonce_(random_.next()),
      acceptor_(io),
      timer_(io),
      board_(settings.limits.outbox) {}

Hub::~Hub() {
  for (const auto& connection : connections_) connection->abort();
}

Result<void> Hub::listen() {
  const auto wrong = [this](const std::string& why) {
    return fail(Fault::troupe_internal,
                "cluster.listen: cannot listen on '" + settings_.listen + "': " + why);
  };
  const auto parts = split_address(settings_.listen);
  if (!parts) return wrong("not an address");
  error_code error;
  tcp::resolver resolver(io_);
  const auto found = resolver.resolve(parts->host, parts->port, tcp::resolver::passive, error);
  if (error) return wrong(error.message());
  const auto where = found.begin()->endpoint();
  acceptor_.open(where.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(where, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return wrong(error.message());
  const auto end = acceptor_.local_endpoint(error);
  const auto host = end.address().to_string();
  address_ = (end.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(end.port());
  if (settings_.advertise.empty()) settings_.advertise = address_;
  return {};
}

void Hub::begin() {
  if (stopped_) return;
  tick();
  arm();
}

/// After stop() it ticks on until the last connection has said its goodbye.
void Hub::arm() {
  if (settings_.limits.tick == Duration::zero() || (stopped_ && connections_.empty())) return;
  timer_.expires_after(settings_.limits.tick);
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (error) return;
    self->tick();
    self->arm();
  });
}

void Hub::tick() {
  const auto now = clock_.now();
  if (!accepting_ && !stopped_) accept();
  const std::vector<Held> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) connection->tick(now);
  if (!stopped_) dial_those_due(now);
  if (!stopped_) dial_seeds(now);
  publish(now);
}

void Hub::accept() {
  accepting_ = true;
  acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
    self->accepting_ = false;
    if (self->stopped_) return;
    if (error) return;  // out of descriptors, most likely: the next tick tries again
    self->welcome(std::move(socket));
    self->accept();
  });
}

void Hub::welcome(tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  make_room_for_strangers();
  hold(std::move(socket), {}, false)->start();
}

/// The oldest goes: a handshake takes milliseconds, and whoever fills the places with silence holds the
/// oldest.
void Hub::make_room_for_strangers() {
  const auto stranger = [](const Held& c) { return !c->dialled() && !c->admitted(); };
  const auto many =
      static_cast<std::size_t>(std::count_if(connections_.begin(), connections_.end(), stranger));
  if (many < settings_.limits.strangers) return;
  const auto oldest = *std::find_if(connections_.begin(), connections_.end(), stranger);
  oldest->end("too many connections that have not said hello");
}

Hub::Held Hub::hold(tcp::socket socket, const std::string& expected, bool dialled) {
  Terms terms;
  terms.owner = this;
  terms.limits = &settings_.limits;
  terms.clock = &clock_;
  terms.mine = {kProtocol, settings_.cluster, settings_.node, settings_.incarnation, settings_.advertise,
                nonce_};
  terms.expected = expected;
  terms.dialled = dialled;
  const auto& tls = dialled ? tls_.client : tls_.server;
  connections_.push_back(std::make_shared<Connection>(std::move(socket), tls, std::move(terms)));
  return connections_.back();
}

void Hub::flush() {
  for (const auto& name : board_.fresh()) {
    const auto it = peers_.find(name);
    if (it != peers_.end() && it->second.standing) it->second.standing->wake();
  }
}

void Hub::received(Connection& from, std::string_view payload) {
  if (!speaks() || !callbacks_.on_frame) return;
  const auto it = peers_.find(from.peer());
  // What a connection still brings after a newer process came up is of the past.
  if (it == peers_.end() || it->second.nonce != from.hello().nonce) return;
  callbacks_.on_frame(it->first, from.hello().incarnation, payload);
}

std::size_t Hub::fill(Connection& to, std::string& batch, std::size_t enough) {
  const auto it = peers_.find(to.peer());
  if (it == peers_.end() || it->second.standing.get() != &to) return 0;
  return board_.take(it->first, batch, enough);
}

void Hub::timed(Connection& from, Time sent, Time received, Duration there) {
  const auto it = peers_.find(from.peer());
  if (it != peers_.end() && it->second.standing.get() == &from)
    it->second.clock.sample(sent, received, there);
}

void Hub::stop() {
  if (std::exchange(stopped_, true)) return;
  error_code ignored;
  acceptor_.close(ignored);
  for (auto& [name, peer] : peers_) peer.dial->cancel();
  for (auto& seed : seeds_) seed.dial->cancel();
  const std::vector<Held> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) connection->part(Parting::stopping);
}

void Hub::publish(Time now) {
  std::vector<PeerStats> out;
  out.reserve(peers_.size());
  for (auto& [name, peer] : peers_) {
    auto& stats = peer.stats;
    const auto* pulse = peer.standing ? peer.standing->pulse() : nullptr;
    if (peer.standing) count(*peer.standing);
    stats.state = peer.standing                          ? State::up
                  : peer.opening || peer.dial->running() ? State::connecting
                                                         : State::waiting;
    stats.dialled = peer.standing && peer.standing->dialled();
    stats.round_trip = pulse ? pulse->round_trip().value_or(Duration{}) : Duration{};
    stats.round_trip_max = pulse ? pulse->round_trip_max(now) : Duration{};
    stats.clock = peer.clock.bounds();
    stats.clock_error = peer.clock.proven();
    if (pulse && pulse->round_trip()) peer.backoff.reset();  // it answers: this is no flapping
    out.push_back(stats);
  }
  board_.publish(std::move(out), refused_);
  if (refused_.count == refused_logged_ || now < log_at_) return;
  log::warn("link_refused")
      .number("connections", static_cast<std::int64_t>(refused_.count - refused_logged_))
      .text("last", refused_.last);
  refused_logged_ = refused_.count;
  log_at_ = now + kLogPause;
}

}  // namespace troupe::link
