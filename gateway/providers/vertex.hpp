#pragma once
// Google Cloud's Vertex AI: three APIs behind one host and one login.
#include "gateway/providers/translating.hpp"

namespace troupe::providers {

/// Whose API a Vertex model is called by: "claude-…" is Anthropic's (rawPredict), "publisher/model" is the
/// OpenAI-shaped endpoint of partner models, all others are Google's own generateContent.
dialects::Dialect vertex_dialect(std::string_view model);

/// https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference, v1. A key without a
/// secret, or with a credential file as its secret, presents an OAuth token (see gateway/keeper); another
/// secret is an API key. Whole answers and streams are of the dialect that this object was made for.
class Vertex final : public Translating {
 public:
  explicit Vertex(dialects::Dialect dialect)
      : Translating(dialect, dialect == dialects::Dialect::gemini ? &dialects::embeddings::kVertex : nullptr),
        dialect_(dialect) {}
  Origin origin(const config::Provider& provider) const override;
  Result<UpstreamCall> call(const dialects::Request& request, std::string_view model,
                            const config::Provider& provider, const config::Key& key) const override;

 private:
  const dialects::Dialect dialect_;
};

}  // namespace troupe::providers
