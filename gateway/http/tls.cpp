#include "gateway/http/tls.hpp"

#include <openssl/ssl.h>

namespace troupe::http {

namespace ssl = boost::asio::ssl;

namespace {

int session_slot() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

}  // namespace

/// OpenSSL's new-session callback: 1 = we keep the reference.
int keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* keeper = static_cast<TlsSession*>(SSL_get_ex_data(ssl, session_slot()));
  if (keeper == nullptr) return 0;
  if (keeper->session_ != nullptr) SSL_SESSION_free(keeper->session_);
  keeper->session_ = session;
  return 1;
}

TlsSession::~TlsSession() {
  if (session_ != nullptr) SSL_SESSION_free(session_);
}

void TlsSession::attach(SSL* ssl) {
  SSL_set_ex_data(ssl, session_slot(), this);
  if (session_ != nullptr) SSL_set_session(ssl, session_);
}

Result<std::shared_ptr<ssl::context>> client_context(const std::string& ca_file) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  boost::system::error_code error;
  context->set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, error);
  context->set_verify_mode(ssl::verify_peer, error);
  if (ca_file.empty()) {
    context->set_default_verify_paths(error);
  } else {
    context->load_verify_file(ca_file, error);
  }
  if (error)
    return fail(Fault::provider_tls, "cannot read the CA bundle '" + ca_file + "': " + error.message());
  auto* native = context->native_handle();
  static constexpr unsigned char kAlpn[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(native, kAlpn, sizeof kAlpn - 1);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(native, keep_session);
  return context;
}

Result<std::shared_ptr<ssl::context>> server_context(const std::string& cert, const std::string& key) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  boost::system::error_code error;
  context->set_options(ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::single_dh_use,
                       error);
  context->use_certificate_chain_file(cert, error);
  if (error)
    return fail(Fault::troupe_internal, "cannot use the certificate '" + cert + "': " + error.message());
  context->use_private_key_file(key, ssl::context::pem, error);
  if (error)
    return fail(Fault::troupe_internal, "cannot use the private key '" + key + "': " + error.message());
  return context;
}

}  // namespace troupe::http
