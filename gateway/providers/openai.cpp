#include "gateway/providers/openai.hpp"

#include "gateway/dialects/chat/usage.hpp"
#include "gateway/dialects/document.hpp"
#include "gateway/providers/faults.hpp"
#include "gateway/providers/openai_stream.hpp"
#include "gateway/providers/rate_limit_headers.hpp"
#include "gateway/providers/request_line.hpp"
#include "gateway/providers/translate.hpp"
#include "gateway/providers/vendors.hpp"

namespace troupe::providers {
namespace {

namespace doc = dialects::doc;

using config::ProviderType;
using dialects::Dialect;
using dialects::Operation;

std::string_view path_of(Operation operation, bool responses) {
  if (operation == Operation::embeddings) return "/embeddings";
  if (operation == Operation::completions) return "/completions";
  return responses ? "/responses" : "/chat/completions";
}

/// Azure's v1 API; with an api_version the classic one, whose paths name the deployment.
std::string azure_target(const config::Provider& provider, std::string_view model, std::string_view path) {
  std::string target(path_prefix(provider.base_url, ""));
  if (provider.api_version.empty()) {
    if (target.find("/openai") == std::string::npos) target += "/openai/v1";
    return target.append(path);
  }
  if (target.find("/openai") == std::string::npos) target += "/openai";
  if (path != "/responses") target.append("/deployments/").append(model);
  return target.append(path).append("?api-version=").append(provider.api_version);
}

/// Who speaks Responses gets them as they are; for others they become chat completions.
Dialect wire_of(const dialects::Request& request, const config::Provider& provider) {
  const bool native = request.operation == Operation::responses && speaks_responses(provider);
  return native ? Dialect::responses : Dialect::chat;
}

bool spliced_chat(const dialects::Request& request) {
  return dialects::dialect_of(request.operation) == Dialect::chat;
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
  return split_origin(provider.base_url, vendor(provider.type).base_url);
}

Result<UpstreamCall> OpenAi::call(const dialects::Request& request, std::string_view model,
                                  const config::Provider& provider, const config::Key& key) const {
  const auto wire = wire_of(request, provider);
  auto body =
      write_request(request, wire, {std::string(model), std::string(flavour_of(provider)), request.drop});
  if (!body) return tl::unexpected<Error>(std::move(body.error()));
  UpstreamCall call;
  const auto path = path_of(request.operation, wire == Dialect::responses);
  const bool azure = provider.type == ProviderType::azure;
  if (azure) {
    call.target = azure_target(provider, model, path);
  } else {
    call.target.append(path_prefix(provider.base_url, vendor(provider.type).base_url)).append(path);
  }
  HeaderLines headers(provider, request.stream);
  const auto& secret = key.secret;
  if (!secret.empty() && azure) headers.add("api-key", secret.reveal());
  if (!secret.empty() && !azure) headers.add("Authorization", "Bearer " + secret.reveal());
  call.headers = headers.take();
  call.body = std::move(*body);
  return call;
}

Verdict OpenAi::failure(const AnswerHead& head, std::string_view body) const {
  return read_failure(head, body);
}

Result<WholeAnswer> OpenAi::whole(const dialects::Request& request, const config::Provider& provider,
                                  const AnswerHead& head, std::string body) const {
  if (!spliced_chat(request)) return read_whole(request, wire_of(request, provider), head, std::move(body));
  doc::object root;
  doc::array answers;
  const auto* name = request.operation == Operation::embeddings ? "data" : "choices";
  if (doc::parse(body).get(root) != simdjson::SUCCESS) return no_answer(head, body, false);
  if (root[name].get(answers) != simdjson::SUCCESS) return no_answer(head, body, true);
  doc::element error;
  if (root["error"].get(error) == simdjson::SUCCESS && (error.is_object() || error.is_string())) {
    return no_answer(head, body, true);
  }
  WholeAnswer answer;
  answer.usage = dialects::chat::find_usage(root);
  answer.model = doc::text_of(root, "model");
  answer.body = std::move(body);
  return answer;
}

std::unique_ptr<StreamReader> OpenAi::stream(const dialects::Request& request,
                                             const config::Provider& provider) const {
  if (spliced_chat(request)) return std::make_unique<OpenAiStream>(request);
  return read_stream(request, wire_of(request, provider));
}

LimitReport OpenAi::limits(const AnswerHead& head, WallTime wall) const {
  return read_limits(head, wall);
}

}  // namespace troupe::providers
