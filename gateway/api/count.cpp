// How many tokens a prompt has: asked of Anthropic where it would go there, else estimated.
#include <algorithm>

#include "gateway/api/answer.hpp"
#include "gateway/api/chat.hpp"
#include "gateway/api/counting.hpp"
#include "gateway/dialects/anthropic/codec.hpp"

namespace troupe::api {
namespace {

const config::Provider* provider_of(const config::Config& config, std::string_view name) {
  const auto found = std::find_if(config.providers.begin(), config.providers.end(),
                                  [&](const auto& one) { return one.name == name; });
  return found == config.providers.end() ? nullptr : &*found;
}

}  // namespace

/// Puts the best count there is where limits and budgets look for it. Not before the cache was asked: a hit
/// weighs nothing.
void ChatCall::weigh() {
  const auto whose = counted_for(*model_, request_.model);
  const bool exact = operation_ == dialects::Operation::count_tokens || !funds_.empty() ||
                     tokens_matter(*caller_.setup, caller_.tenant, caller_.key, request_, whose);
  counted_ = worker_.counting.refine(request_, whose, exact);
  facts_->input = request_.input_estimate;
}

/// Counting is free and has limits of its own: it reserves no tokens and takes no money. Never elsewhere,
/// where the question would be answered.
bool ChatCall::ask_for_count() {
  const auto* provider = provider_of(*caller_.setup->config, counted_for(*model_, request_.model).provider);
  if (provider == nullptr || provider->type != config::ProviderType::anthropic) return false;
  auto facts = std::make_shared<actors::RequestFacts>(*facts_);
  if (!facts->pinned_provider.empty() && facts->pinned_provider != provider->name) return false;
  facts->pinned_provider = provider->name;
  facts->fallback = false;
  facts->input = facts->output = {0};
  facts_ = std::move(facts);
  return true;
}

/// What says nothing of the prompt itself: an estimate is better than none.
bool ChatCall::counts_without(Fault fault) {
  return fault != Fault::provider_bad_request && fault != Fault::provider_context_too_long &&
         fault != Fault::provider_content_refused && fault != Fault::caller_gone &&
         fault != Fault::caller_bad_request;
}

/// At once, by our own count.
void ChatCall::count_tokens() {
  std::string headers;
  append_header(headers, "x-request-id", caller_.request_id);
  append_header(headers, "request-id", caller_.request_id);
  append_header(headers, "x-troupe-node", worker_.node);
  append_header(headers, "x-troupe-tokens", counted_ ? "exact" : "estimated");
  const auto body = dialects::anthropic::count_tokens_body(request_.input_estimate);
  session_.reply(200, "application/json", headers, body);
  record_.status = 200;
  record_.bytes_out = body.size();
  over_ = true;
}

}  // namespace troupe::api
