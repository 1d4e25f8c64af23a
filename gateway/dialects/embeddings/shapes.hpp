#pragma once
// How each provider is asked for embeddings, and how it answers.
#include <string>
#include <string_view>

#include "gateway/dialects/embeddings/embeddings.hpp"

namespace troupe::dialects::embeddings {

struct Shape {
  /// Fails with caller_bad_request naming what this provider cannot do.
  Result<std::string> (*write)(const Question& question, std::string_view model);
  /// A whole 2xx body. Fails with provider_stream_malformed when it is none.
  Result<Answer> (*read)(std::string_view body);
};

/// batchEmbedContents. Source: ai.google.dev/api/embeddings. The caller may say `task_type` and `title`.
extern const Shape kGemini;
/// Vertex AI's predict. Source: cloud.google.com/vertex-ai, text embeddings API. The caller may say the same.
extern const Shape kVertex;
/// /v2/embed. Source: docs.cohere.com/reference/embed. The caller may say `input_type` and `truncate`; the
/// type is "search_document" where it does not.
extern const Shape kCohere;
/// Cohere's models by Bedrock's InvokeModel. Source: docs.aws.amazon.com/bedrock, model parameters.
extern const Shape kCohereOnBedrock;
/// Amazon's Titan by Bedrock's InvokeModel: one text a call. The caller may say `normalize`.
extern const Shape kTitan;
/// /api/embed. Source: docs.ollama.com/api/embed. The caller may say `truncate`, `keep_alive` and `options`.
extern const Shape kOllama;

}  // namespace troupe::dialects::embeddings
