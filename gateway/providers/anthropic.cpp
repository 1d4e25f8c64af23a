#include "gateway/providers/anthropic.hpp"

#include "gateway/providers/faults.hpp"
#include "gateway/providers/rate_limit_headers.hpp"
#include "gateway/providers/request_line.hpp"

namespace troupe::providers {
namespace {

constexpr std::string_view kAnthropic = "https://api.anthropic.com";

}  // namespace

Origin Anthropic::origin(const config::Provider& provider) const {
  return split_origin(provider.base_url, kAnthropic);
}

Result<UpstreamCall> Anthropic::chat(const dialects::ChatRequest&, std::string_view, const config::Provider&,
                                     const config::Key&) const {
  return fail(Fault::caller_bad_request, "Anthropic is not translated in this build.");
}

Verdict Anthropic::failure(const AnswerHead& head, std::string_view body) const {
  return read_failure(head, body);
}

Result<WholeAnswer> Anthropic::whole(const dialects::ChatRequest&, const AnswerHead&, std::string) const {
  return fail(Fault::troupe_internal, "Anthropic is not translated in this build.");
}

std::unique_ptr<StreamReader> Anthropic::stream(const dialects::ChatRequest&) const {
  return nullptr;
}

LimitReport Anthropic::limits(const AnswerHead& head, WallTime wall) const {
  return read_limits(head, wall);
}

}  // namespace troupe::providers
