#include "gateway/providers/vertex.hpp"

#include "gateway/providers/request_line.hpp"

namespace troupe::providers {
namespace {

using dialects::Dialect;

std::string location_of(const config::Provider& provider) {
  return provider.region.empty() ? "global" : provider.region;
}

std::string home(const config::Provider& provider) {
  const auto location = location_of(provider);
  if (location == "global") return "https://aiplatform.googleapis.com";
  // The multi-regions "us" and "eu" have hosts of another shape.
  if (location == "us" || location == "eu") return "https://aiplatform." + location + ".rep.googleapis.com";
  return "https://" + location + "-aiplatform.googleapis.com";
}

std::string verb(Dialect dialect, const dialects::Request& request) {
  if (request.operation == dialects::Operation::embeddings) return ":predict";
  const bool stream = request.stream;
  if (dialect == Dialect::anthropic) return stream ? ":streamRawPredict" : ":rawPredict";
  return stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
}

std::string target_of(const config::Provider& provider, Dialect dialect, std::string_view model,
                      const dialects::Request& request) {
  std::string target(path_prefix(provider.base_url, ""));
  target.append("/v1/projects/").append(path_segment(provider.project));
  target.append("/locations/").append(path_segment(location_of(provider)));
  if (dialect == Dialect::chat) return target + "/endpoints/openapi/chat/completions";
  target.append("/publishers/").append(dialect == Dialect::anthropic ? "anthropic" : "google");
  return target.append("/models/").append(path_segment(model)) + verb(dialect, request);
}

/// Anything else proves itself by a token that is fetched elsewhere.
bool is_api_key(const config::Secret& secret) {
  return !secret.empty() && !secret.reveal().starts_with("{");
}

}  // namespace

Dialect vertex_dialect(std::string_view model) {
  if (model.starts_with("claude")) return Dialect::anthropic;
  return model.find('/') == model.npos ? Dialect::gemini : Dialect::chat;
}

Origin Vertex::origin(const config::Provider& provider) const {
  return split_origin(provider.base_url, home(provider));
}

Result<UpstreamCall> Vertex::call(const dialects::Request& request, std::string_view model,
                                  const config::Provider& provider, const config::Key& key) const {
  auto body = write(request, model, "vertex");
  if (!body) return tl::unexpected<Error>(std::move(body.error()));
  UpstreamCall call;
  call.target = target_of(provider, dialect_, model, request);
  HeaderLines headers(provider, request.stream);
  if (dialect_ == Dialect::anthropic) {
    for (const auto& [name, value] : request.pass_on) {
      if (name != "anthropic-version") headers.add(name, value);  // it stands in the body here
    }
  }
  if (is_api_key(key.secret)) headers.add("x-goog-api-key", key.secret.reveal());
  call.headers = headers.take();
  call.body = std::move(*body);
  return call;
}

}  // namespace troupe::providers
