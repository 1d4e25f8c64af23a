#pragma once
// TLS contexts: what we trust as a client, what we show as a server.
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "core/result.hpp"

namespace troupe::http {

/// A client context: TLS 1.2 or newer, peer verification against `ca_file` or the system's store, ALPN
/// http/1.1, sessions kept by the caller (see TlsSessions). Fails when the bundle cannot be read.
Result<std::shared_ptr<boost::asio::ssl::context>> client_context(const std::string& ca_file);

/// A server context from PEM files; fails with the file that is wrong.
Result<std::shared_ptr<boost::asio::ssl::context>> server_context(const std::string& cert,
                                                                  const std::string& key);

/// The last resumable session of one origin. Owned by the pool's bucket and by the connections that may renew
/// it.
class TlsSession {
 public:
  TlsSession() = default;
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  /// Offers the kept session in the handshake to come and stores what the server hands out on this
  /// connection.
  void attach(SSL* ssl);

 private:
  friend int keep_session(SSL* ssl, SSL_SESSION* session);
  SSL_SESSION* session_ = nullptr;
};

}  // namespace troupe::http
