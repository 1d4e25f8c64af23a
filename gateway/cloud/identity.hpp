#pragma once
// Who a provider's key is to its cloud: a source of credentials, and how a call carries them.
#include <memory>
#include <string>

#include "gateway/cloud/aws_places.hpp"
#include "gateway/cloud/google_files.hpp"
#include "gateway/cloud/source.hpp"

namespace troupe::cloud {

/// One per key and thread. Not thread-safe.
class Identity {
 public:
  virtual ~Identity() = default;
  virtual Source& source() = 0;
  /// The header lines that authenticate this call ("name: value\r\n"). For AWS the call must not change after
  /// this.
  virtual std::string lines(const Credential& credential, const SignedCall& call, WallTime wall) = 0;
};

/// Signs for `service` ("bedrock") in the region of the options.
std::unique_ptr<Identity> aws_identity(AwsOptions options, std::string service,
                                       config::Environment environment);

/// Presents an OAuth token, and the project to bill where the login names one.
std::unique_ptr<Identity> google_identity(GoogleOptions options, config::Environment environment);

}  // namespace troupe::cloud
