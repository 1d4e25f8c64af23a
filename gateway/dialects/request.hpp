#pragma once
// A request of any endpoint: the few fields that matter, found in place; every other byte is kept.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "core/units.hpp"
#include "gateway/dialects/dialect.hpp"

namespace troupe::dialects {

/// What is asked for. Chat, messages and responses are conversations, each in its own dialect.
enum class Operation : std::uint8_t {
  chat,          ///< /v1/chat/completions
  messages,      ///< /v1/messages
  count_tokens,  ///< /v1/messages/count_tokens
  responses,     ///< /v1/responses
  completions,   ///< /v1/completions
  embeddings,    ///< /v1/embeddings
};

/// Whether `operation` is a conversation that models of any provider can have.
constexpr bool converses(Operation operation) {
  return operation != Operation::completions && operation != Operation::embeddings;
}
/// The dialect of the operation's requests and answers.
constexpr Dialect dialect_of(Operation operation) {
  if (operation == Operation::messages || operation == Operation::count_tokens) return Dialect::anthropic;
  return operation == Operation::responses ? Dialect::responses : Dialect::chat;
}

struct Conversation;

/// Parsed once per request. Owns the body; spans are offsets into it.
struct Request {
  struct Span {
    std::size_t begin = 0, end = 0;
    bool present() const { return end > begin; }
  };

  Operation operation = Operation::chat;
  std::string body;   ///< as the client sent it, a valid JSON object
  std::string model;  ///< decoded
  bool stream = false;
  bool include_usage = false;  ///< the client asked for stream_options.include_usage
  bool tools = false, images = false, json_schema = false;
  std::int64_t messages = 0;
  std::optional<std::int64_t> max_output;  ///< max_completion_tokens or max_tokens
  std::int64_t choices = 1;                ///< n
  Tokens input_estimate{0};                ///< the best that is known
  Tokens input_guess{0};                   ///< the parser's, before anybody counted or corrected it
  std::string user;
  /// Seconds since 1970, for answers that are written by the gateway (translated ones); the session sets it.
  std::int64_t created = 0;
  std::string id;  ///< of the answer, where the gateway writes it and the provider gives none; by the session
  /// Of the client's own headers, what a provider of the same dialect wants to see (anthropic-beta ...).
  std::vector<std::pair<std::string, std::string>> pass_on;
  bool drop = false;  ///< what the provider cannot honour is left out (the alias' `drop_params`)
  /// The whole request as a value, once somebody needed it (see conversation_of).
  mutable std::shared_ptr<const Conversation> talk;
  // Troupe's own body fields; removed before the call.
  std::optional<double> max_cost_usd;  ///< `max_cost`
  std::optional<std::int64_t> max_latency_ms;
  std::optional<bool> fallback;  ///< `fallback: "off"|false`

  Span model_value;           ///< the value of "model", quotes included
  Span stream_options_value;  ///< whole value
  Span include_usage_value;   ///< within stream_options, when it is there
  Span insert_at;             ///< begin = end = just after the opening brace
  std::vector<Span> remove;   ///< our own fields, comma included
};

/// Parses and validates the shape of a request of `operation`: a JSON object with a string `model` and what
/// the endpoint cannot do without. Whole-body UTF-8 and syntax are checked. Fails with caller_bad_request
/// naming the parameter, in OpenAI's words.
Result<Request> parse_request(Operation operation, std::string body);

/// The same request for a provider that speaks its dialect: `model` replaced, our fields removed,
/// `stream_options.include_usage` switched on for streams of chat and completions; every other byte as it
/// was.
std::string splice_request(const Request& request, std::string_view model);
/// The same with `member` ("name":value) in place of the whole member "model", for APIs that take the model's
/// name in the path.
std::string splice_model_member(const Request& request, std::string_view member);

}  // namespace troupe::dialects
