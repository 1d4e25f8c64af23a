#include "cluster/link/tls.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace troupe::link {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

constexpr int kDepth = 4;                 // certificates between a node's and its authority
constexpr std::size_t kChainMax = 32768;  // bytes of certificates that a stranger may send

Result<void> wrong(const std::string& what, const std::string& file, const error_code& error) {
  return fail(Fault::troupe_internal,
              "cluster.tls: cannot use the " + what + " '" + file + "': " + error.message());
}

Result<void> load(ssl::context& context, const TlsFiles& files) {
  error_code error;
  context.use_certificate_chain_file(files.cert, error);
  if (error) return wrong("certificate", files.cert, error);
  context.use_private_key_file(files.key, ssl::context::pem, error);
  if (error) return wrong("private key", files.key, error);
  context.load_verify_file(files.ca, error);
  if (error) return wrong("authority", files.ca, error);
  return {};
}

Result<std::shared_ptr<ssl::context>> make(ssl::context::method method, const TlsFiles& files) {
  auto context = std::make_shared<ssl::context>(method);
  auto* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION);
  SSL_CTX_set_max_proto_version(native, TLS1_3_VERSION);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_verify_depth(native, kDepth);
  SSL_CTX_set_max_cert_list(native, kChainMax);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(native, 0);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  if (auto loaded = load(*context, files); !loaded) return tl::unexpected(loaded.error());
  return context;
}

}  // namespace

Result<TlsPair> read_tls(const TlsFiles& files, std::string_view node) {
  auto client = make(ssl::context::tls_client, files);
  if (!client) return tl::unexpected(client.error());
  auto server = make(ssl::context::tls_server, files);
  if (!server) return tl::unexpected(server.error());
  const auto* own = SSL_CTX_get0_certificate((*server)->native_handle());
  if (!has_dns_name(own, node)) {
    return fail(Fault::troupe_internal, "cluster.tls: the certificate '" + files.cert +
                                            "' has no DNS name '" + std::string(node) +
                                            "', the name of this node");
  }
  return TlsPair{std::move(*client), std::move(*server)};
}

std::vector<std::string> dns_names(const X509* cert) {
  std::vector<std::string> out;
  if (cert == nullptr) return out;
  auto* names = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(cert, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names, i);
    if (name->type != GEN_DNS) continue;
    const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
    std::string text(bytes, static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    const bool plain = text.find('\0') == text.npos && text.find('*') == text.npos;
    if (plain && !text.empty()) out.push_back(std::move(text));
  }
  GENERAL_NAMES_free(names);
  return out;
}

bool has_dns_name(const X509* cert, std::string_view name) {
  const auto names = dns_names(cert);
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string handshake_fault(SSL* ssl, const error_code& error) {
  const auto verdict = SSL_get_verify_result(ssl);
  if (verdict == X509_V_OK) return error.message();
  return std::string("the peer's certificate: ") + X509_verify_cert_error_string(verdict);
}

}  // namespace troupe::link
