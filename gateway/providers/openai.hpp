#pragma once
// Anything that speaks OpenAI's chat completions: requests are spliced, answers pass byte for byte.
#include "gateway/providers/adapter.hpp"

namespace troupe::providers {

/// OpenAI itself and every compatible base URL (Groq, DeepSeek, Together, xAI, vLLM, OpenRouter, our mock
/// ...).
class OpenAi final : public Adapter {
 public:
  Origin origin(const config::Provider& provider) const override;
  Result<UpstreamCall> chat(const dialects::ChatRequest& request, std::string_view model,
                            const config::Provider& provider, const config::Key& key) const override;
  Verdict failure(const AnswerHead& head, std::string_view body) const override;
  Result<WholeAnswer> whole(const dialects::ChatRequest& request, const AnswerHead& head,
                            std::string body) const override;
  std::unique_ptr<StreamReader> stream(const dialects::ChatRequest& request) const override;
  LimitReport limits(const AnswerHead& head, WallTime wall) const override;
};

}  // namespace troupe::providers
