#pragma once
// What a client asks of the mock, in one shape for all dialects.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "gateway/mock/json.hpp"

namespace troupe::mock {

enum class Dialect : std::uint8_t { openai, anthropic, responses, gemini, converse, cohere, ollama };

struct Tool {
  std::string name;
  Json schema;  ///< of its arguments
};

struct Ask {
  Dialect dialect = Dialect::openai;
  std::string model;
  bool stream = false, include_usage = false;
  std::int64_t choices = 1;
  std::optional<std::int64_t> max_tokens;
  std::string last_text;    ///< of the last message
  bool after_tool = false;  ///< the last message brings a tool's result
  std::int64_t input_tokens = 0, images = 0;
  std::vector<Tool> tools;
  std::string tool_choice = "auto";  ///< auto, none, required, or a tool's name after "="
  std::optional<Json> schema;        ///< the answer must be JSON of this schema
  bool json_object = false;
};

/// Tokens of a text as the mock counts them: words between white space.
std::int64_t count_tokens(std::string_view text);

/// POST /v1/chat/completions. Fails with caller_bad_request and the provider's words.
Result<Ask> read_openai(const Json& body);

/// POST /v1/responses: built-in tools are passed over.
Result<Ask> read_responses(const Json& body);

/// POST .../models/MODEL:generateContent; `model` stands in the path.
Result<Ask> read_gemini(const Json& body);

/// POST /model/MODEL/converse; `model` stands in the path.
Result<Ask> read_converse(const Json& body);

/// POST /v2/chat and POST /api/chat, which ask like OpenAI; Ollama streams unless it is told not to.
Result<Ask> read_cohere(const Json& body);
Result<Ask> read_ollama(const Json& body);

/// POST /v1/messages and count_tokens (which needs no max_tokens).
Result<Ask> read_anthropic(const Json& body, bool counting);

}  // namespace troupe::mock
