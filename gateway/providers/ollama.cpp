#include "gateway/providers/ollama.hpp"

#include "gateway/providers/request_line.hpp"

namespace troupe::providers {
namespace {

constexpr std::string_view kOllama = "http://127.0.0.1:11434";

/// Whether this goes to where Ollama looks like OpenAI.
bool openai_shaped(const dialects::Request& request, const config::Provider& provider) {
  return request.operation == dialects::Operation::completions ||
         path_prefix(provider.base_url, kOllama).ends_with("/v1");
}

/// The same server, where it looks like OpenAI.
config::Provider beside(const config::Provider& provider) {
  auto out = provider;
  if (out.base_url.empty()) out.base_url = kOllama;
  while (out.base_url.ends_with('/')) out.base_url.pop_back();
  if (out.base_url.ends_with("/api")) out.base_url.resize(out.base_url.size() - 4);
  if (!out.base_url.ends_with("/v1")) out.base_url += "/v1";
  return out;
}

}  // namespace

Origin Ollama::origin(const config::Provider& provider) const {
  return split_origin(provider.base_url, kOllama);
}

Result<UpstreamCall> Ollama::call(const dialects::Request& request, std::string_view model,
                                  const config::Provider& provider, const config::Key& key) const {
  if (openai_shaped(request, provider)) return openai_.call(request, model, beside(provider), key);
  auto body = write(request, model, "ollama");
  if (!body) return tl::unexpected<Error>(std::move(body.error()));
  UpstreamCall call;
  const auto prefix = path_prefix(provider.base_url, kOllama);
  call.target.append(prefix).append(prefix.ends_with("/api") ? "" : "/api");
  call.target.append(request.operation == dialects::Operation::embeddings ? "/embed" : "/chat");
  HeaderLines headers(provider, request.stream);
  if (!key.secret.empty()) headers.add("Authorization", "Bearer " + key.secret.reveal());
  call.headers = headers.take();
  call.body = std::move(*body);
  return call;
}

Result<WholeAnswer> Ollama::whole(const dialects::Request& request, const config::Provider& provider,
                                  const AnswerHead& head, std::string body) const {
  if (openai_shaped(request, provider)) return openai_.whole(request, provider, head, std::move(body));
  return Translating::whole(request, provider, head, std::move(body));
}

std::unique_ptr<StreamReader> Ollama::stream(const dialects::Request& request,
                                             const config::Provider& provider) const {
  if (openai_shaped(request, provider)) return openai_.stream(request, provider);
  return Translating::stream(request, provider);
}

bool Ollama::streams(const AnswerHead& head) const {
  return Adapter::streams(head) || head.find("content-type").find("ndjson") != std::string_view::npos;
}

}  // namespace troupe::providers
