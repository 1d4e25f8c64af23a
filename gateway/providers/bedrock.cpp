#include "gateway/providers/bedrock.hpp"

#include "gateway/providers/embed.hpp"
#include "gateway/providers/request_line.hpp"

namespace troupe::providers {
namespace {

using dialects::embeddings::Shape;

std::string home(const config::Provider& provider) {
  return "https://bedrock-runtime." + provider.region + ".amazonaws.com";
}

/// By which of InvokeModel's shapes a model embeds; nullptr: not at all. Ids may name a region before the
/// vendor ("eu.cohere.embed-v4:0").
const Shape* vectors_of(std::string_view model) {
  if (model.find("cohere.embed") != model.npos) return &dialects::embeddings::kCohereOnBedrock;
  return model.find("titan-embed-text") != model.npos ? &dialects::embeddings::kTitan : nullptr;
}

/// The ARN of an application's own profile says nothing of the model behind it: its alias may.
std::string_view hint_of(const dialects::Request& request, std::string_view model) {
  return model.find("application-inference-profile") != model.npos ? std::string_view(request.model)
                                                                   : "bedrock";
}

/// Whose answer this is: Titan's alone tells one vector.
const Shape& shape_of(std::string_view body) {
  return body.find("\"inputTextTokenCount\"") != body.npos ? dialects::embeddings::kTitan
                                                           : dialects::embeddings::kCohereOnBedrock;
}

}  // namespace

Origin Bedrock::origin(const config::Provider& provider) const {
  return split_origin(provider.base_url, home(provider));
}

Result<UpstreamCall> Bedrock::call(const dialects::Request& request, std::string_view model,
                                   const config::Provider& provider, const config::Key& key) const {
  const bool embeds = request.operation == dialects::Operation::embeddings;
  const auto* vectors = embeds ? vectors_of(model) : nullptr;
  auto body =
      vectors ? write_embedding(request, *vectors, model) : write(request, model, hint_of(request, model));
  if (!body) return tl::unexpected<Error>(std::move(body.error()));
  UpstreamCall call;
  call.target.append(path_prefix(provider.base_url, "")).append("/model/").append(path_segment(model));
  call.target.append(vectors ? "/invoke" : request.stream ? "/converse-stream" : "/converse");
  HeaderLines headers(provider, request.stream);
  // Anything else is signed, when the call is whole (see gateway/keeper).
  const bool api_key = !key.secret.empty() && key.access_key_id.empty();
  if (api_key) headers.add("Authorization", "Bearer " + key.secret.reveal());
  call.headers = headers.take();
  call.body = std::move(*body);
  return call;
}

Result<WholeAnswer> Bedrock::whole(const dialects::Request& request, const config::Provider& provider,
                                   const AnswerHead& head, std::string body) const {
  if (request.operation == dialects::Operation::embeddings)
    return read_embedding(request, shape_of(body), head, body);
  return Translating::whole(request, provider, head, std::move(body));
}

bool Bedrock::streams(const AnswerHead& head) const {
  return head.find("content-type").find("vnd.amazon.eventstream") != std::string_view::npos;
}

}  // namespace troupe::providers
