#pragma once
// What AWS' credential services answer.
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "gateway/cloud/ask.hpp"
#include "gateway/cloud/sigv4.hpp"

namespace troupe::cloud {

struct AwsGranted {
  AwsKey key;
  Time end = kNever;  ///< by the clock of `at`
};

/// The JSON of the container endpoint and the instance metadata service: AccessKeyId, SecretAccessKey, Token,
/// Expiration; errors by `code` or `Code`. `who` begins the error.
Result<AwsGranted> read_aws_json(const Reply& reply, Moment at, const std::string& who);

/// The XML of STS' AssumeRoleWithWebIdentity.
Result<AwsGranted> read_sts_xml(const Reply& reply, Moment at);

/// "2026-08-19T14:39:18Z" (fractions are cut off) on the monotonic clock; kNever for years beyond 2200.
/// Fails for anything else.
Result<Time> read_end(std::string_view text, Moment at);

}  // namespace troupe::cloud
