#pragma once
// AWS Signature Version 4: proof in a header that the holder of a key made this request.
// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "gateway/cloud/crypto.hpp"

namespace troupe::cloud {

/// One AWS credential. A session token makes it temporary.
struct AwsKey {
  std::string id;
  Secret secret, session_token;
  friend bool operator==(const AwsKey&, const AwsKey&) = default;
};

/// A request as it goes over the wire. Views of the caller's.
struct SignedCall {
  std::string_view method;
  std::string_view host;    ///< exactly as in the Host header
  std::string_view target;  ///< path and query, percent-encoded
  std::string_view body;
  /// More headers to sign (lower-case names); the caller sends them itself.
  std::vector<std::pair<std::string_view, std::string_view>> headers = {};
};

/// Signs for one region and service. Keeps the day's derived key, so that a call costs one hash of the body
/// and two short HMACs; one thread.
class Signer {
 public:
  Signer(std::string region, std::string service);

  /// The header lines to add ("name: value\r\n"): x-amz-date, x-amz-security-token where the key has one, and
  /// authorization. `host` and these are signed. The server accepts them for 5 minutes around `wall`.
  std::string lines(const SignedCall& call, const AwsKey& key, WallTime wall);

  const std::string& region() const { return region_; }

 private:
  const Digest& day_key(std::string_view day, const AwsKey& key);

  std::string region_, service_;
  std::string day_;
  Secret secret_;
  Digest day_key_{};
};

/// The path as it is signed: relative and empty segments resolved, then encoded once more (every service but
/// S3 signs the encoded path as if it were text).
std::string canonical_path(std::string_view path);
/// The query as it is signed: decoded, encoded by RFC 3986, sorted by name, then value.
std::string canonical_query(std::string_view query);

}  // namespace troupe::cloud
