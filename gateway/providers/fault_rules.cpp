// Which words mean what. Sources: the providers' error pages, and recordings of their answers.
#include <array>
#include <boost/algorithm/string/case_conv.hpp>
#include <initializer_list>

#include "gateway/providers/complaint.hpp"

namespace troupe::providers {
namespace {

/// All words of a complaint in lower case.
struct Words {
  std::string text;
  bool has(std::initializer_list<std::string_view> any) const {
    for (const auto word : any) {
      if (text.find(word) != std::string::npos) return true;
    }
    return false;
  }
};

bool context_too_long(const Words& w) {
  return w.has({"context_length_exceeded", "maximum context length", "prompt is too long", "context window",
                "exceed context limit", "exceeds the available context", "input token count",
                "input tokens exceed", "too_many_tokens", "too_many_prompt_tokens", "too many tokens",
                "string_above_max_length", "total length of all messages is too long",
                "reduce the length of the messages", "longer than the model's context", "input is too long"});
}

bool money_spent(const Words& w) {
  return w.has({"insufficient_quota", "credit_balance_exhausted", "spend_limit_exceeded",
                "organization_usage_limit_exceeded", "exceeded your current quota",
                "credit balance is too low", "insufficient balance", "insufficient credits", "billing_error",
                "billing_hard_limit", "requires more credits", "more credits are required"});
}

bool key_refused(const Words& w) {
  return w.has({"invalid_api_key", "incorrect api key", "invalid api key", "api key not valid",
                "api_key_invalid", "invalid x-api-key", "account_deactivated", "invalid authentication"});
}

bool content_refused(const Words& w) {
  return w.has({"content_filter", "content_policy_violation", "responsibleaipolicy", "flagged by",
                "was flagged", "requires moderation", "data_inspection_failed", "content management policy",
                "content exists risk"});
}

bool model_missing(const Words& w) {
  return w.has({"model_not_found", "deploymentnotfound", "model_decommissioned", "model not found",
                "model not exist", "model does not exist", "not a valid model id", "no endpoints found",
                "unknown model", "invalid model name", "not_found_error", "model identifier is invalid",
                "access to the model with the specified model id", "on-demand throughput isn"}) ||
         (w.has({"the model"}) && w.has({"does not exist"}));
}

Fault rate_limited(const Words& w) {
  if (w.has({"overloaded", "slow_down", "over capacity", "at capacity", "capacity_exceeded",
             "modelnotready"})) {
    return Fault::provider_overloaded;
  }
  if (w.has({"per day", "(rpd)", "(tpd)", "perday", "daily", "per-day"}))
    return Fault::provider_rate_limited_day;
  if (w.has({"tokens per min", "token per min", "(tpm)", "tokens per second", "too many tokens",
             "tokensper"})) {
    return Fault::provider_rate_limited_tokens;
  }
  return Fault::provider_rate_limited_requests;
}

/// A status for the error types that come without one, inside streams.
int status_of(const Words& w) {
  struct Row {
    std::string_view word;
    int status;
  };
  static constexpr std::array<Row, 15> rows{{{"overloaded", 529},
                                             {"rate_limit", 429},
                                             {"resource_exhausted", 429},
                                             {"throttling", 429},
                                             {"authentication_error", 401},
                                             {"permission_error", 403},
                                             {"permission_denied", 403},
                                             {"request_too_large", 413},
                                             {"invalid_request_error", 400},
                                             {"invalid_argument", 400},
                                             {"timeout_error", 504},
                                             {"server_error", 500},
                                             {"api_error", 500},
                                             {"unavailable", 503},
                                             {"internal", 500}}};
  for (const auto& row : rows) {
    if (w.has({row.word})) return row.status;
  }
  return 0;
}

std::optional<Fault> by_status(int status, const Words& w) {
  switch (status) {
    case 401:
    case 403:
      return Fault::provider_key_dead;
    case 402:
      return Fault::provider_quota_spent;
    case 404:
      return Fault::provider_model_missing;
    case 408:
      return Fault::provider_timeout_first_token;
    case 429:
      return rate_limited(w);
    case 498:
    case 503:
    case 529:
      return Fault::provider_overloaded;
    case 409:
    case 424:
    case 425:
    case 499:
      return Fault::provider_server_error;
    default:
      break;
  }
  if (status >= 400 && status < 500) return Fault::provider_bad_request;
  if (status >= 300) return Fault::provider_server_error;
  return std::nullopt;
}

}  // namespace

std::optional<Fault> classify(int status, const Complaint& complaint) {
  Words words{complaint.type + " " + complaint.code + " " + complaint.hints + " " + complaint.message};
  boost::algorithm::to_lower(words.text);
  if (status == 0) status = status_of(words);
  const bool client_error = status == 0 || (status >= 400 && status < 500);
  if (!client_error) return by_status(status, words);
  if (money_spent(words)) return Fault::provider_quota_spent;
  // AWS' services say so with other statuses as well: the exception's name counts.
  const bool limited = status == 429 || words.has({"rate_limit_exceeded", "throttlingexception",
                                                   "toomanyrequestsexception", "servicequotaexceeded"});
  if (limited) return rate_limited(words);
  if (status != 401 && context_too_long(words)) return Fault::provider_context_too_long;
  if (content_refused(words)) return Fault::provider_content_refused;
  if (status != 401 && model_missing(words)) return Fault::provider_model_missing;
  if (key_refused(words)) return Fault::provider_key_dead;
  return by_status(status, words);
}

}  // namespace troupe::providers
