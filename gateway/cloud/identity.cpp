#include "gateway/cloud/identity.hpp"

#include <utility>

#include "gateway/cloud/aws_credentials.hpp"
#include "gateway/cloud/google_credentials.hpp"
#include "gateway/cloud/surroundings.hpp"

namespace troupe::cloud {
namespace {

class AwsIdentity final : public Identity {
 public:
  AwsIdentity(AwsOptions options, std::string service, config::Environment environment)
      : signer_(find_aws_region(options, environment), std::move(service)),
        source_(std::move(options), std::move(environment)) {}
  Source& source() override { return source_; }
  std::string lines(const Credential& credential, const SignedCall& call, WallTime wall) override {
    return signer_.lines(call, credential.aws, wall);
  }

 private:
  Signer signer_;
  AwsCredentials source_;
};

class GoogleIdentity final : public Identity {
 public:
  GoogleIdentity(GoogleOptions options, config::Environment environment)
      : source_(std::move(options), std::move(environment)) {}
  Source& source() override { return source_; }
  std::string lines(const Credential& credential, const SignedCall&, WallTime) override {
    auto text = "authorization: Bearer " + credential.bearer.reveal() + "\r\n";
    const bool billed = !credential.project.empty() && fits_header(credential.project);
    if (billed) text.append("x-goog-user-project: ").append(credential.project).append("\r\n");
    return text;
  }

 private:
  GoogleCredentials source_;
};

}  // namespace

std::unique_ptr<Identity> aws_identity(AwsOptions options, std::string service,
                                       config::Environment environment) {
  return std::make_unique<AwsIdentity>(std::move(options), std::move(service), std::move(environment));
}

std::unique_ptr<Identity> google_identity(GoogleOptions options, config::Environment environment) {
  return std::make_unique<GoogleIdentity>(std::move(options), std::move(environment));
}

}  // namespace troupe::cloud
