#include "gateway/providers/openai.hpp"

#include "gateway/providers/faults.hpp"
#include "gateway/providers/json_document.hpp"
#include "gateway/providers/openai_stream.hpp"
#include "gateway/providers/openai_usage.hpp"
#include "gateway/providers/rate_limit_headers.hpp"
#include "gateway/providers/request_line.hpp"

namespace troupe::providers {
namespace {

constexpr std::string_view kOpenAi = "https://api.openai.com/v1";
constexpr std::string_view kMock = "http://127.0.0.1:9100/v1";

std::string_view default_url(const config::Provider& provider) {
  return provider.type == config::ProviderType::mock ? kMock : kOpenAi;
}

/// An answer with status 2xx that is none: an error in its body (OpenRouter), or something else altogether.
tl::unexpected<Error> no_answer(const AnswerHead& head, std::string_view body, bool object) {
  auto verdict =
      object ? read_failure(head, body)
             : stream_fault(Fault::provider_stream_malformed, "The provider's answer is no JSON object.");
  return fail(verdict.fault, std::move(verdict.message), std::move(verdict.param), std::move(verdict.code));
}

}  // namespace

Origin OpenAi::origin(const config::Provider& provider) const {
  return split_origin(provider.base_url, default_url(provider));
}

Result<UpstreamCall> OpenAi::chat(const dialects::ChatRequest& request, std::string_view model,
                                  const config::Provider& provider, const config::Key& key) const {
  UpstreamCall call;
  call.target.append(path_prefix(provider.base_url, default_url(provider))).append("/chat/completions");
  HeaderLines headers(provider, request.stream);
  if (!key.secret.empty()) headers.add("Authorization", "Bearer " + key.secret.reveal());
  call.headers = headers.take();
  call.body = dialects::splice_chat_request(request, model);
  return call;
}

Verdict OpenAi::failure(const AnswerHead& head, std::string_view body) const {
  return read_failure(head, body);
}

Result<WholeAnswer> OpenAi::whole(const dialects::ChatRequest&, const AnswerHead& head,
                                  std::string body) const {
  json::object root;
  json::array choices;
  if (json::parse(body).get(root) != simdjson::SUCCESS) return no_answer(head, body, false);
  if (root["choices"].get(choices) != simdjson::SUCCESS) return no_answer(head, body, true);
  json::element error;
  if (root["error"].get(error) == simdjson::SUCCESS && (error.is_object() || error.is_string())) {
    return no_answer(head, body, true);
  }
  WholeAnswer answer;
  answer.usage = find_openai_usage(root);
  answer.model = json::text_of(root, "model");
  answer.body = std::move(body);
  return answer;
}

std::unique_ptr<StreamReader> OpenAi::stream(const dialects::ChatRequest& request) const {
  return std::make_unique<OpenAiStream>(request);
}

LimitReport OpenAi::limits(const AnswerHead& head, WallTime wall) const {
  return read_limits(head, wall);
}

}  // namespace troupe::providers
