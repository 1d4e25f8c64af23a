#include "tests/cluster/link/town.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "cluster/link/dial.hpp"
#include "cluster/link/splitter.hpp"
#include "tests/support/catch.hpp"

namespace troupe::link::testing {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;
using boost::system::error_code;

namespace {
constexpr Duration kTick = std::chrono::milliseconds(50);
constexpr auto kGuard = std::chrono::seconds(20);  // of real time, only to end a test that hangs

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}
}  // namespace

Authority::Authority() {
  must(make_ca(folder_.path(), {real_clock().wall()}));
}

TlsFiles Authority::files(const std::string& name, Duration life) {
  const auto path = [this](const std::string& file) { return (folder_.path() / file).string(); };
  // OpenSSL looks at the real calendar: an expired certificate is one whose life began before.
  const auto now = real_clock().wall() + (life < Duration{} ? 2 * life : Duration{});
  if (!fs::exists(path(name + ".pem")))
    must(make_node_cert(folder_.path(), name, {now, std::max(life, -life)}));
  return {path(name + ".pem"), path(name + ".key"), path("ca.pem")};
}

bool Node::holds(const std::string& peer) const {
  const auto down = [&](const std::string& line) { return line.starts_with(peer + ": "); };
  return std::count(ups.begin(), ups.end(), peer) > std::count_if(downs.begin(), downs.end(), down);
}

PeerStats Node::stats(const std::string& peer) const {
  link->tick();  // which publishes
  for (const auto& stats : link->peers()) {
    if (stats.name == peer) return stats;
  }
  return {};
}

Stranger::Stranger(asio::io_context& io, std::shared_ptr<asio::ssl::context> context)
    : plain(!context),
      tls(context ? std::move(context)
                  : std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client)),
      stream(io, *tls) {}

void Stranger::start(const std::string& address, std::string bytes) {
  sending_ = std::move(bytes);
  const auto parts = *split_address(address);
  const tcp::endpoint where(asio::ip::make_address(parts.host),
                            static_cast<std::uint16_t>(std::stoi(parts.port)));
  stream.next_layer().async_connect(where, [self = shared_from_this()](error_code error) {
    REQUIRE_FALSE(error);
    // Nagle's pause is one of real time, which does not pass here.
    self->stream.next_layer().set_option(tcp::no_delay(true));
    if (self->plain) return self->begin();
    self->stream.async_handshake(asio::ssl::stream_base::client, [self](error_code failed) {
      self->ended = failed.failed();
      if (failed) return self->close();
      self->open = true;
      self->begin();
    });
  });
}

void Stranger::begin() {
  if (!sending_.empty()) send(std::exchange(sending_, {}));
  if (reads) read();
}

void Stranger::send(std::string bytes) {
  const auto kept = std::make_shared<std::string>(std::move(bytes));
  const auto done = [self = shared_from_this(), kept](error_code, std::size_t) {};
  open ? asio::async_write(stream, asio::buffer(*kept), done)
       : asio::async_write(stream.next_layer(), asio::buffer(*kept), done);
}

template <class Stream>
void Stranger::read_from(Stream& from) {
  from.async_read_some(asio::buffer(piece_), [self = shared_from_this()](error_code error, std::size_t n) {
    self->got.append(self->piece_, n);
    self->ended = error.failed();
    error ? self->close() : self->read();
  });
}

void Stranger::read() {
  open ? read_from(stream) : read_from(stream.next_layer());
}

void Stranger::close() {
  error_code ignored;
  stream.next_layer().close(ignored);
}

std::vector<Frame> Stranger::frames() const {
  Splitter splitter(kFrameMax);
  std::vector<Frame> out;
  for (std::string_view rest = got; !rest.empty();) {
    const auto room = splitter.room();
    const auto n = std::min(room.size(), rest.size());
    std::copy_n(rest.begin(), n, room.begin());
    splitter.took(n);
    rest.remove_prefix(n);
    while (const auto body = splitter.next()) {
      const auto frame = parse(*body);
      if (frame && !std::holds_alternative<Data>(*frame)) out.push_back(*frame);
    }
  }
  return out;
}

bool Stranger::got_goodbye(Parting why) const {
  const auto all = frames();
  return std::any_of(all.begin(), all.end(), [why](const Frame& frame) {
    const auto* goodbye = std::get_if<Goodbye>(&frame);
    return goodbye != nullptr && goodbye->why == why;
  });
}

Town::Town() = default;

Town::~Town() {
  nodes.clear();
  settle();
}

Settings Town::settings(const std::string& name) {
  Settings s;
  s.cluster = "town";
  s.node = name;
  s.incarnation = 1;
  s.listen = "127.0.0.1:0";
  s.tls = authority.files(name);
  s.limits.tick = Duration::zero();
  return s;
}

Node& Town::add(const std::string& name, const std::function<void(Settings&)>& tweak) {
  auto s = settings(name);
  if (tweak) tweak(s);
  auto& held = nodes[name] = std::make_unique<Node>();
  Node* node = held.get();
  Callbacks calls;
  calls.on_up = [node](const std::string& peer, const Hello& hello) {
    node->ups.push_back(peer);
    node->last_hello = hello;
  };
  calls.on_down = [node](const std::string& peer, const std::string& why) {
    node->downs.push_back(peer + ": " + why);
  };
  calls.on_frame = [node](const std::string& peer, std::uint64_t, std::string_view payload) {
    node->got.push_back(peer + ": " + std::string(payload));
  };
  calls.may_join = [node](const std::string& peer) {
    return std::find(node->may_join.begin(), node->may_join.end(), peer) != node->may_join.end();
  };
  node->link = must(Link::start(io, s, std::move(calls), clock, Random(seed_++)));
  settle();
  return *node;
}

void Town::kill(const std::string& name) {
  nodes.erase(name);
  settle();
}

void Town::introduce() {
  for (auto& [name, node] : nodes) {
    std::vector<Endpoint> others;
    for (auto& [other, ignored] : nodes) {
      if (other != name) others.push_back(at(other));
    }
    node->link->set_peers(others);
  }
}

void Town::until(const std::function<bool()>& done) {
  while (!done()) {
    io.restart();
    if (io.run_one_for(kGuard) == 0) FAIL("nothing happens any more");
  }
}

void Town::tick() {
  for (auto& [name, node] : nodes) node->link->tick();
}

void Town::settle() {
  do io.restart();
  while (io.poll() > 0);
}

void Town::pass(Duration span) {
  for (; span > Duration{}; span -= kTick) {
    clock.advance(std::min(span, kTick));
    tick();
    settle();
  }
}

void Town::pass_until(const std::function<bool()>& done, Duration most) {
  for (settle(); !done() && most > Duration{}; most -= kTick) pass(kTick);
  if (!done()) FAIL("it did not happen in time");
}

std::shared_ptr<Stranger> Town::stranger(const std::string& node, std::string bytes,
                                         std::shared_ptr<asio::ssl::context> context) {
  auto out = std::make_shared<Stranger>(io, std::move(context));
  out->start(nodes.at(node)->link->address(), std::move(bytes));
  return out;
}

std::shared_ptr<asio::ssl::context> Town::tls(const std::string& name) {
  return must(read_tls(authority.files(name), name)).client;
}

std::string Town::hello(const std::string& name, const std::function<void(Hello&)>& tweak) const {
  Hello hello{kProtocol, "town", name, 1, "127.0.0.1:1", 4711};
  if (tweak) tweak(hello);
  std::string out;
  append(out, hello);
  return out;
}

}  // namespace troupe::link::testing
