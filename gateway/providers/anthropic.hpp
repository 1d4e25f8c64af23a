#pragma once
// Anthropic's Messages API, translated from and to OpenAI's chat completions.
#include "gateway/providers/adapter.hpp"

namespace troupe::providers {

/// https://docs.anthropic.com/en/api/messages, version 2023-06-01.
class Anthropic final : public Adapter {
 public:
  Origin origin(const config::Provider& provider) const override;
  Result<UpstreamCall> call(const dialects::Request& request, std::string_view model,
                            const config::Provider& provider, const config::Key& key) const override;
  Verdict failure(const AnswerHead& head, std::string_view body) const override;
  Result<WholeAnswer> whole(const dialects::Request& request, const config::Provider& provider,
                            const AnswerHead& head, std::string body) const override;
  std::unique_ptr<StreamReader> stream(const dialects::Request& request,
                                       const config::Provider& provider) const override;
  LimitReport limits(const AnswerHead& head, WallTime wall) const override;
};

}  // namespace troupe::providers
