#pragma once
// Ollama by its own API.
#include "gateway/providers/openai.hpp"
#include "gateway/providers/translating.hpp"

namespace troupe::providers {

/// https://docs.ollama.com/api, unless the base URL ends in /v1: that is where it looks like OpenAI, and is
/// spoken to so. Completions always go there.
class Ollama final : public Translating {
 public:
  Ollama() : Translating(dialects::Dialect::ollama, &dialects::embeddings::kOllama) {}
  Origin origin(const config::Provider& provider) const override;
  Result<UpstreamCall> call(const dialects::Request& request, std::string_view model,
                            const config::Provider& provider, const config::Key& key) const override;
  Result<WholeAnswer> whole(const dialects::Request& request, const config::Provider& provider,
                            const AnswerHead& head, std::string body) const override;
  bool streams(const AnswerHead& head) const override;
  std::unique_ptr<StreamReader> stream(const dialects::Request& request,
                                       const config::Provider& provider) const override;

 private:
  OpenAi openai_;
};

}  // namespace troupe::providers
