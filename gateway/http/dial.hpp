#pragma once
// From an origin to an open connection: resolve, race the addresses, CONNECT through a proxy, TLS.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "core/result.hpp"
#include "gateway/http/connection.hpp"
#include "gateway/http/origin.hpp"
#include "gateway/http/tls.hpp"

namespace troupe::http {

struct DialOptions {
  boost::asio::io_context* io = nullptr;
  std::shared_ptr<boost::asio::ssl::context> tls;  ///< needed when origin.tls
  std::shared_ptr<TlsSession> session;             ///< resumed and renewed; may be null
  Duration timeout = std::chrono::seconds(5);      ///< for everything together
};

/// Opens a connection with TCP_NODELAY. Addresses are tried as RFC 8305 (happy eyeballs) has it: families
/// interleaved, a new attempt each 250 ms or at the failure of the last, the first to succeed wins. Fails
/// with provider_connect, provider_timeout_connect or provider_tls and words that name the host, never a
/// credential.
boost::asio::awaitable<Result<std::shared_ptr<Connection>>> dial(Origin origin, DialOptions options);

}  // namespace troupe::http
