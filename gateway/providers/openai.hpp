#pragma once
// Anything that is shaped like OpenAI: chat completions are spliced and their answers pass byte for byte;
// other conversations are translated.
#include "gateway/providers/adapter.hpp"

namespace troupe::providers {

/// OpenAI itself, Azure, and every compatible base URL (Groq, DeepSeek, Together, xAI, vLLM, OpenRouter, our
/// mock ...). What differs between them stands in vendors.hpp and in the chat codec.
class OpenAi final : public Adapter {
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
