#include "gateway/providers/bedrock.hpp"

#include "gateway/providers/faults.hpp"
#include "gateway/providers/rate_limit_headers.hpp"
#include "gateway/providers/request_line.hpp"
#include "gateway/providers/translate.hpp"

namespace troupe::providers {
namespace {

std::string home(const config::Provider& provider) {
  return "https://bedrock-runtime." + provider.region + ".amazonaws.com";
}

}  // namespace

Origin Bedrock::origin(const config::Provider& provider) const {
  return split_origin(provider.base_url, home(provider));
}

Result<UpstreamCall> Bedrock::call(const dialects::Request& request, std::string_view model,
                                   const config::Provider& provider, const config::Key& key) const {
  auto body =
      write_conversation(request, dialects::Dialect::converse, {std::string(model), "bedrock", request.drop});
  if (!body) return tl::unexpected<Error>(std::move(body.error()));
  UpstreamCall call;
  call.target.append(path_prefix(provider.base_url, "")).append("/model/").append(path_segment(model));
  call.target.append(request.stream ? "/converse-stream" : "/converse");
  HeaderLines headers(provider, request.stream);
  // Anything else is signed, when the call is whole (see gateway/keeper).
  const bool api_key = !key.secret.empty() && key.access_key_id.empty();
  if (api_key) headers.add("Authorization", "Bearer " + key.secret.reveal());
  call.headers = headers.take();
  call.body = std::move(*body);
  return call;
}

Verdict Bedrock::failure(const AnswerHead& head, std::string_view body) const {
  return read_failure(head, body);
}

Result<WholeAnswer> Bedrock::whole(const dialects::Request& request, const config::Provider&,
                                   const AnswerHead& head, std::string body) const {
  return read_whole(request, dialects::Dialect::converse, head, std::move(body));
}

bool Bedrock::streams(const AnswerHead& head) const {
  return head.find("content-type").find("vnd.amazon.eventstream") != std::string_view::npos;
}

std::unique_ptr<StreamReader> Bedrock::stream(const dialects::Request& request,
                                              const config::Provider&) const {
  return read_stream(request, dialects::Dialect::converse);
}

LimitReport Bedrock::limits(const AnswerHead& head, WallTime wall) const {
  return read_limits(head, wall);
}

}  // namespace troupe::providers
