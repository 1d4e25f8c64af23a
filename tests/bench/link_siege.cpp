// A node under attack: thousands of connections that speak nonsense on every layer, while a good peer keeps
// its connection. To be run by hand, best built with the address sanitizer: `link_siege [connections] [at
// once]`. Exits 1 when the good peer lost its connection or the node serves no more.
#include <sys/resource.h>

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cstdio>
#include <future>

#include "cluster/link/frame.hpp"
#include "cluster/link/tls.hpp"
#include "core/log.hpp"
#include "tests/bench/link_nodes.hpp"

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using namespace troupe;
using namespace troupe::bench;

namespace {

enum Kind : std::uint8_t {
  kReset,       // connects and resets
  kNoise,       // random bytes instead of TLS
  kHalfHello,   // the first bytes of a TLS record, then the end
  kForeign,     // a certificate of another authority
  kNobody,      // no certificate
  kBadFrames,   // a good certificate, random bytes inside
  kHuge,        // a good certificate, a length of 4 GB
  kWrongName,   // a good certificate, another's name in hello
  kAfterHello,  // admitted, then msgpack that is no frame
  kSilent,      // a handshake that is never begun; leaves after a while
  kKinds,
};

struct Attack {
  asio::io_context io{1};
  tcp::endpoint target;
  std::shared_ptr<asio::ssl::context> good, foreign, nobody;
  Random random{7};
  std::size_t left = 0, running = 0, done = 0;

  std::string noise(std::size_t most) {
    std::string out(random.below(most) + 1, '\0');
    for (auto& c : out) c = static_cast<char>(random.next());
    return out;
  }
  std::string inside(Kind kind);
  void next();
  void ended() {
    --running;
    ++done;
    if (done % 10000 == 0) std::printf("%zu connections\n", done), std::fflush(stdout);
    next();
  }
};

std::string framed_hello(const std::string& name) {
  std::string out;
  link::append(out, link::Hello{link::kProtocol, "bench", name, 1, "127.0.0.1:1", 99});
  return out;
}

std::string Attack::inside(Kind kind) {
  switch (kind) {
    case kBadFrames:
      return noise(3000);
    case kHuge:
      return std::string("\xff\xff\xff\xff", 4) + noise(3000);
    case kWrongName:
      return framed_hello("friend");
    case kAfterHello: {
      const auto body = noise(200);
      return framed_hello("guest") + std::string("\0\0\0", 3) + static_cast<char>(body.size()) + body;
    }
    default:
      return framed_hello("guest");
  }
}

/// One hostile connection, from connect to end.
struct Assault : std::enable_shared_from_this<Assault> {
  Assault(Attack& a, Kind k)
      : attack(a),
        kind(k),
        stream(a.io, k == kForeign  ? *a.foreign
                     : k == kNobody ? *a.nobody
                                    : *a.good),
        patience(a.io) {}

  Attack& attack;
  Kind kind;
  asio::ssl::stream<tcp::socket> stream;
  asio::steady_timer patience;
  std::string bytes;
  char sink[4096];
  bool over = false;

  void start() {
    patience.expires_after(std::chrono::seconds(5));
    patience.async_wait([self = shared_from_this()](error_code) { self->finish(); });
    stream.next_layer().async_connect(attack.target, [self = shared_from_this()](error_code error) {
      error ? self->finish() : self->connected();
    });
  }

  void connected() {
    switch (kind) {
      case kReset:
        stream.next_layer().set_option(asio::socket_base::linger(true, 0));
        return finish();
      case kSilent:
        patience.expires_after(std::chrono::milliseconds(20));
        return patience.async_wait([self = shared_from_this()](error_code) { self->finish(); });
      case kNoise:
        bytes = attack.noise(2000);
        return plain();
      case kHalfHello:
        bytes = std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + attack.noise(100);
        return plain();
      default:
        return stream.async_handshake(
            asio::ssl::stream_base::client,
            [self = shared_from_this()](error_code error) { error ? self->finish() : self->secret(); });
    }
  }

  void plain() {
    asio::async_write(stream.next_layer(), asio::buffer(bytes),
                      [self = shared_from_this()](error_code, std::size_t) {
                        error_code ignored;
                        self->stream.next_layer().shutdown(tcp::socket::shutdown_send, ignored);
                        self->read_plain();
                      });
  }
  void read_plain() {
    stream.next_layer().async_read_some(asio::buffer(sink),
                                        [self = shared_from_this()](error_code error, std::size_t) {
                                          error ? self->finish() : self->read_plain();
                                        });
  }
  void secret() {
    bytes = attack.inside(kind);
    asio::async_write(stream, asio::buffer(bytes),
                      [self = shared_from_this()](error_code, std::size_t) { self->read_secret(); });
  }
  void read_secret() {
    stream.async_read_some(asio::buffer(sink), [self = shared_from_this()](error_code error, std::size_t) {
      error ? self->finish() : self->read_secret();
    });
  }

  void finish() {
    if (std::exchange(over, true)) return;
    patience.cancel();
    error_code ignored;
    stream.next_layer().close(ignored);
    attack.ended();
  }
};

void Attack::next() {
  if (left == 0) return;
  --left;
  ++running;
  std::make_shared<Assault>(*this, static_cast<Kind>(left % kKinds))->start();
}

double megabytes() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_maxrss) / 1024;
}

std::shared_ptr<asio::ssl::context> client(const Papers& papers, bool trusting = false) {
  auto pair = must(link::read_tls(papers.of("guest"), "guest"));
  if (trusting) pair.client->set_verify_mode(asio::ssl::verify_none);
  return pair.client;
}

/// The good peer's view: is it still there, and does the node answer?
struct Friend {
  std::promise<void> up, echoed;
  std::atomic<int> downs = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto connections = argc > 1 ? static_cast<std::size_t>(std::atoll(argv[1])) : std::size_t{100000};
  const auto at_once = argc > 2 ? static_cast<std::size_t>(std::atoll(argv[2])) : std::size_t{32};
  Papers papers, others;
  std::unique_ptr<Node> node;
  link::Callbacks calls;
  calls.may_join = [](const std::string& name) { return name == "friend" || name == "guest"; };
  calls.on_frame = [&](const std::string& peer, std::uint64_t, std::string_view payload) {
    node->link().send(peer, link::kQueue, std::string(payload));
  };
  node = std::make_unique<Node>(papers, "node", std::move(calls));
  Friend state;
  link::Callbacks watch;
  watch.on_up = [&](const std::string&, const link::Hello&) {
    if (state.downs == 0) state.up.set_value();
  };
  watch.on_down = [&](const std::string&, const std::string& why) {
    ++state.downs;
    std::printf("the friend lost its connection: %s\n", why.c_str());
  };
  watch.on_frame = [&](const std::string&, std::uint64_t, std::string_view) { state.echoed.set_value(); };
  Node peer(papers, "friend", std::move(watch));
  peer.link().set_peers({{"node", node->link().address()}});
  state.up.get_future().wait();

  Attack attack;
  const auto address = node->link().address();
  attack.target = {asio::ip::address_v4::loopback(),
                   static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)))};
  attack.good = client(papers);
  attack.foreign = client(others, true);
  attack.nobody = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  attack.left = connections;
  const auto before = megabytes();
  const auto start = real_clock().now();
  for (std::size_t i = 0; i < at_once; ++i) attack.next();
  attack.io.run();
  const auto seconds = std::chrono::duration<double>(real_clock().now() - start).count();

  peer.link().send("node", link::kQueue, "still there?");
  const bool answers =
      state.echoed.get_future().wait_for(std::chrono::seconds(10)) == std::future_status::ready;
  const auto refused = node->link().refused();
  std::printf("%zu hostile connections in %.0f s, %llu refused (last: %s)\n", attack.done, seconds,
              static_cast<unsigned long long>(refused.count), refused.last.c_str());
  std::printf("memory %.0f -> %.0f MB, the friend lost its connection %d times, the node %s\n", before,
              megabytes(), state.downs.load(), answers ? "answers" : "DOES NOT ANSWER");
  return answers && state.downs == 0 ? 0 : 1;
}
