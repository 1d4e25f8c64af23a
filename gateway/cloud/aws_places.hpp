#pragma once
// Where AWS credentials come from on this machine.
// Source: docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html.
#include <string>
#include <variant>

#include "config/environment.hpp"
#include "gateway/cloud/ask.hpp"
#include "gateway/cloud/sigv4.hpp"

namespace troupe::cloud {

/// What the configuration says; the rest is found in the environment and in the files of AWS' tools.
struct AwsOptions {
  AwsKey key = {};           ///< with an id: this one and no other
  std::string profile = {};  ///< this profile and nothing else; "" = the chain
  std::string region = {};   ///< "" = as the environment or the profile says
};

/// A key that is known already.
struct AwsStatic {
  AwsKey key;
};
/// An ECS task, an EKS pod (Pod Identity): one request to an address that was given to the container.
struct AwsContainer {
  Url url;
  Secret authorization;  ///< "" = none
};
/// A token of an identity provider (EKS service accounts) that STS changes for a key of a role.
struct AwsWebIdentity {
  Url sts;
  std::string role, session;
  Secret token;
};
/// An EC2 instance: the metadata service, version 2.
struct AwsInstance {
  Url service;
};

using AwsPlace = std::variant<AwsStatic, AwsContainer, AwsWebIdentity, AwsInstance>;

/// The first of: the configuration's key or profile; AWS_ACCESS_KEY_ID; AWS_WEB_IDENTITY_TOKEN_FILE; the
/// profile AWS_PROFILE or "default"; AWS_CONTAINER_CREDENTIALS_*_URI; the instance. Reads the files anew each
/// time. Fails with what is wrong when a place is named but cannot be used: half a key, a profile that does
/// not exist, or one by `credential_process`, SSO or `source_profile`, which are not supported.
Result<AwsPlace> find_aws(const AwsOptions& options, const config::Environment& environment);

/// The region by the options, AWS_REGION, AWS_DEFAULT_REGION, then the profile; "" when none says.
std::string find_aws_region(const AwsOptions& options, const config::Environment& environment);

}  // namespace troupe::cloud
