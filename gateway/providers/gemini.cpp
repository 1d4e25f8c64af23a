#include "gateway/providers/gemini.hpp"

#include "gateway/providers/faults.hpp"
#include "gateway/providers/rate_limit_headers.hpp"
#include "gateway/providers/request_line.hpp"
#include "gateway/providers/translate.hpp"

namespace troupe::providers {
namespace {

constexpr std::string_view kGemini = "https://generativelanguage.googleapis.com/v1beta";

}  // namespace

Origin Gemini::origin(const config::Provider& provider) const {
  return split_origin(provider.base_url, kGemini);
}

Result<UpstreamCall> Gemini::call(const dialects::Request& request, std::string_view model,
                                  const config::Provider& provider, const config::Key& key) const {
  auto body =
      write_conversation(request, dialects::Dialect::gemini, {std::string(model), "gemini", request.drop});
  if (!body) return tl::unexpected<Error>(std::move(body.error()));
  UpstreamCall call;
  call.target.append(path_prefix(provider.base_url, kGemini)).append("/models/").append(path_segment(model));
  call.target.append(request.stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
  HeaderLines headers(provider, request.stream);
  if (!key.secret.empty()) headers.add("x-goog-api-key", key.secret.reveal());
  call.headers = headers.take();
  call.body = std::move(*body);
  return call;
}

Verdict Gemini::failure(const AnswerHead& head, std::string_view body) const {
  return read_failure(head, body);
}

Result<WholeAnswer> Gemini::whole(const dialects::Request& request, const config::Provider&,
                                  const AnswerHead& head, std::string body) const {
  return read_whole(request, dialects::Dialect::gemini, head, std::move(body));
}

std::unique_ptr<StreamReader> Gemini::stream(const dialects::Request& request,
                                             const config::Provider&) const {
  return read_stream(request, dialects::Dialect::gemini);
}

LimitReport Gemini::limits(const AnswerHead& head, WallTime wall) const {
  return read_limits(head, wall);
}

}  // namespace troupe::providers
