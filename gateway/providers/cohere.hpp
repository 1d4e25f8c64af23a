#pragma once
// Cohere: every conversation is translated, and what is paid for is what counts.
#include "gateway/providers/translating.hpp"

namespace troupe::providers {

/// https://docs.cohere.com/reference, version 2 of its API.
class Cohere final : public Translating {
 public:
  Cohere() : Translating(dialects::Dialect::cohere, &dialects::embeddings::kCohere) {}
  Origin origin(const config::Provider& provider) const override;
  Result<UpstreamCall> call(const dialects::Request& request, std::string_view model,
                            const config::Provider& provider, const config::Key& key) const override;
  /// The caller is told the tokens that the model used; the usage is what Cohere bills, a fraction of them.
  Result<WholeAnswer> whole(const dialects::Request& request, const config::Provider& provider,
                            const AnswerHead& head, std::string body) const override;
  std::unique_ptr<StreamReader> stream(const dialects::Request& request,
                                       const config::Provider& provider) const override;
};

}  // namespace troupe::providers
