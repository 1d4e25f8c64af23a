#include "gateway/providers/gemini.hpp"

#include "gateway/providers/request_line.hpp"

namespace troupe::providers {
namespace {

constexpr std::string_view kGemini = "https://generativelanguage.googleapis.com/v1beta";

}  // namespace

Origin Gemini::origin(const config::Provider& provider) const {
  return split_origin(provider.base_url, kGemini);
}

Result<UpstreamCall> Gemini::call(const dialects::Request& request, std::string_view model,
                                  const config::Provider& provider, const config::Key& key) const {
  auto body = write(request, model, "gemini");
  if (!body) return tl::unexpected<Error>(std::move(body.error()));
  UpstreamCall call;
  call.target.append(path_prefix(provider.base_url, kGemini)).append("/models/").append(path_segment(model));
  if (request.operation == dialects::Operation::embeddings) {
    call.target.append(":batchEmbedContents");
  } else {
    call.target.append(request.stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
  }
  HeaderLines headers(provider, request.stream);
  if (!key.secret.empty()) headers.add("x-goog-api-key", key.secret.reveal());
  call.headers = headers.take();
  call.body = std::move(*body);
  return call;
}

}  // namespace troupe::providers
