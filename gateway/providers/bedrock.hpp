#pragma once
// AWS Bedrock: conversations by its Converse API, embeddings by InvokeModel.
#include "gateway/providers/translating.hpp"

namespace troupe::providers {

/// docs.aws.amazon.com/bedrock: Converse, ConverseStream and InvokeModel, with a Bedrock API key.
class Bedrock final : public Translating {
 public:
  Bedrock() : Translating(dialects::Dialect::converse, nullptr) {}
  Origin origin(const config::Provider& provider) const override;
  Result<UpstreamCall> call(const dialects::Request& request, std::string_view model,
                            const config::Provider& provider, const config::Key& key) const override;
  Result<WholeAnswer> whole(const dialects::Request& request, const config::Provider& provider,
                            const AnswerHead& head, std::string body) const override;
  bool streams(const AnswerHead& head) const override;
};

}  // namespace troupe::providers
