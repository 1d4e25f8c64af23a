#pragma once
// Google's Gemini API: every conversation is translated.
#include "gateway/providers/translating.hpp"

namespace troupe::providers {

/// https://ai.google.dev/api/generate-content, v1beta, with an API key.
class Gemini final : public Translating {
 public:
  Gemini() : Translating(dialects::Dialect::gemini, &dialects::embeddings::kGemini) {}
  Origin origin(const config::Provider& provider) const override;
  Result<UpstreamCall> call(const dialects::Request& request, std::string_view model,
                            const config::Provider& provider, const config::Key& key) const override;
};

}  // namespace troupe::providers
