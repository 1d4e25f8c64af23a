#include "gateway/http/listener.hpp"

#include <sys/socket.h>

#include "core/log.hpp"
#include "gateway/http/origin.hpp"

namespace troupe::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {
constexpr auto kHandshake = std::chrono::seconds(10);
constexpr auto kPause = std::chrono::milliseconds(100);
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
}  // namespace

Acceptor::Acceptor(asio::io_context& io, std::shared_ptr<asio::ssl::context> tls)
    : io_(io), acceptor_(io), pause_(io), tls_(std::move(tls)) {}

Result<std::shared_ptr<Acceptor>> Acceptor::bind(asio::io_context& io, const std::string& listen,
                                                 std::shared_ptr<asio::ssl::context> tls) {
  const auto parts = split_host_port(listen);
  if (!parts) return tl::unexpected(parts.error());
  error_code error;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(parts->host, parts->port, tcp::resolver::passive, error);
  if (error) return fail(Fault::troupe_internal, "cannot listen on " + listen + ": " + error.message());
  auto self = std::make_shared<Acceptor>(io, std::move(tls));
  const tcp::endpoint endpoint = *found.begin();
  auto& a = self->acceptor_;
  a.open(endpoint.protocol(), error);
  if (!error) a.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) a.set_option(ReusePort(true), error);
  if (!error) a.bind(endpoint, error);
  if (!error) a.listen(4096, error);
  if (error) {
    return fail(Fault::troupe_internal,
                "cannot listen on " + listen + ": " + error.message() +
                    "; is another program on that port? Set server.listen to a free one");
  }
  return self;
}

std::uint16_t Acceptor::port() const {
  error_code ignored;
  return acceptor_.local_endpoint(ignored).port();
}

std::string Acceptor::address() const {
  error_code ignored;
  const auto end = acceptor_.local_endpoint(ignored);
  const auto host = end.address().to_string();
  return (end.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(end.port());
}

void Acceptor::start(Accepted accepted) {
  accepted_ = std::move(accepted);
  accept();
}

void Acceptor::accept() {
  acceptor_.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted || !self->acceptor_.is_open()) return;
    if (error) return self->rest();
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    if (self->tls_) {
      self->handshake(std::move(socket));
    } else {
      self->accepted_(std::make_shared<Connection>(std::move(socket)));
    }
    self->accept();
  });
}

/// Out of descriptors, most likely: accepting again at once would spin.
void Acceptor::rest() {
  log::warn("accept_failed");
  pause_.expires_after(kPause);
  pause_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->accept();
  });
}

void Acceptor::handshake(tcp::socket socket) {
  struct Shake {
    Shake(tcp::socket s, asio::ssl::context& context, asio::io_context& io)
        : tls(std::make_unique<Connection::Tls>(std::move(s), context)), deadline(io) {}
    std::unique_ptr<Connection::Tls> tls;
    asio::steady_timer deadline;
  };
  auto shake = std::make_shared<Shake>(std::move(socket), *tls_, io_);
  shake->deadline.expires_after(kHandshake);
  shake->deadline.async_wait([shake](error_code error) {
    error_code ignored;
    if (!error && shake->tls) shake->tls->next_layer().close(ignored);
  });
  shake->tls->async_handshake(asio::ssl::stream_base::server,
                              [self = shared_from_this(), shake](error_code error) {
                                shake->deadline.cancel();
                                if (error) return;
                                self->accepted_(std::make_shared<Connection>(std::move(shake->tls)));
                              });
}

void Acceptor::stop() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

}  // namespace troupe::http
