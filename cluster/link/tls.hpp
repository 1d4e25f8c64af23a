#pragma once
// TLS 1.3 between nodes: both show a certificate of the cluster's authority, and the SAN is the node's name.
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace troupe::link {

/// PEM files: this node's certificate (with what stands between it and the authority), its key, and the
/// authorities that are trusted. The system's store is not.
struct TlsFiles {
  std::string cert, key, ca;
};

/// One pair per reading of the files; connections keep the pair that they began with.
struct TlsPair {
  std::shared_ptr<boost::asio::ssl::context> client, server;
};

/// Reads the files. Fails with the one that is wrong, when key and certificate do not belong together, and
/// when the certificate does not have `node` among its DNS names. No tickets, no resumption: each connection
/// shows its certificate anew.
Result<TlsPair> read_tls(const TlsFiles& files, std::string_view node);

/// The DNS names among the subject's alternative names; names with a zero byte or a wildcard are left out.
std::vector<std::string> dns_names(const X509* cert);
bool has_dns_name(const X509* cert, std::string_view name);

/// Why the last handshake on `ssl` failed, for people: the certificate's fault where it was that.
std::string handshake_fault(SSL* ssl, const boost::system::error_code& error);

}  // namespace troupe::link
