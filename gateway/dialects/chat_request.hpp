#pragma once
// An OpenAI chat completion request: the few fields that matter, found in place; every other byte is kept.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/units.hpp"

namespace troupe::dialects {

/// Parsed once per request. Owns the body; spans are offsets into it.
struct ChatRequest {
  struct Span {
    std::size_t begin = 0, end = 0;
    bool present() const { return end > begin; }
  };

  std::string body;   ///< as the client sent it, a valid JSON object
  std::string model;  ///< decoded
  bool stream = false;
  bool include_usage = false;  ///< the client asked for stream_options.include_usage
  bool tools = false, images = false, json_schema = false;
  std::int64_t messages = 0;
  std::optional<std::int64_t> max_output;  ///< max_completion_tokens or max_tokens
  std::int64_t choices = 1;                ///< n
  Tokens input_estimate{0};
  std::string user;
  /// Seconds since 1970, for answers that are written by the gateway (translated ones); the session sets it.
  std::int64_t created = 0;
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

/// Parses and validates the shape: a JSON object with a string `model` and an array `messages` of objects.
/// Whole-body UTF-8 and syntax are checked. Fails with caller_bad_request naming the parameter, in OpenAI's
/// words.
Result<ChatRequest> parse_chat_request(std::string body);

/// The same request for an OpenAI-shaped provider: `model` replaced, our fields removed,
/// `stream_options.include_usage` switched on for streams; every other byte as it was.
std::string splice_chat_request(const ChatRequest& request, std::string_view model);

}  // namespace troupe::dialects
