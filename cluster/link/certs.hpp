#pragma once
// A certificate authority of one's own, for the quickstart and the tests: EC P-256, nothing to install.
#include <filesystem>
#include <string>

#include "core/result.hpp"
#include "core/time.hpp"

namespace troupe::link {

struct CertOptions {
  WallTime now;  ///< the start of the life, less a minute for clocks that differ
  Duration life =
      std::chrono::hours(24) * 365;  ///< of a node's certificate; an authority lives ten times as long
};

/// Writes `ca.pem` and `ca.key` into `dir`, which is made where it is missing. Files have mode 0600; one that
/// is there already is never overwritten, but an error.
Result<void> make_ca(const std::filesystem::path& dir, const CertOptions& options);

/// Writes `NAME.pem` and `NAME.key`, signed by the authority in `dir`. The name becomes the certificate's SAN
/// (DNS name): letters, digits, '.', '-' and '_', at most 63 bytes, not "ca".
Result<void> make_node_cert(const std::filesystem::path& dir, const std::string& name,
                            const CertOptions& options);

}  // namespace troupe::link
