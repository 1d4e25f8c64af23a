#pragma once
// AWS Bedrock, by its Converse API: every conversation is translated.
#include "gateway/providers/adapter.hpp"

namespace troupe::providers {

/// docs.aws.amazon.com/bedrock, Converse and ConverseStream, with a Bedrock API key.
class Bedrock final : public Adapter {
 public:
  Origin origin(const config::Provider& provider) const override;
  Result<UpstreamCall> call(const dialects::Request& request, std::string_view model,
                            const config::Provider& provider, const config::Key& key) const override;
  Verdict failure(const AnswerHead& head, std::string_view body) const override;
  Result<WholeAnswer> whole(const dialects::Request& request, const config::Provider& provider,
                            const AnswerHead& head, std::string body) const override;
  bool streams(const AnswerHead& head) const override;
  std::unique_ptr<StreamReader> stream(const dialects::Request& request,
                                       const config::Provider& provider) const override;
  LimitReport limits(const AnswerHead& head, WallTime wall) const override;
};

}  // namespace troupe::providers
