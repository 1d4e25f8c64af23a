#pragma once
// An OpenAI chat completion request in the words of Anthropic's Messages API. For the .cpp files of this
// room.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "gateway/dialects/chat_request.hpp"

namespace troupe::providers::anthropic {

using Json = nlohmann::ordered_json;

/// Sent where the caller names no limit: the Messages API requires one.
inline constexpr std::int64_t kDefaultMaxTokens = 4096;

/// The body of POST /v1/messages. `seed`, penalties, `metadata`, `service_tier` and `store` have no
/// counterpart and change no shape: dropped. What changes the shape of the answer and cannot be served (n >
/// 1, logprobs, logit_bias, audio, legacy functions, foreign tools) is a caller_bad_request that names the
/// parameter.
Result<std::string> translate_request(const dialects::ChatRequest& request, std::string_view model);

/// The conversation, split as Anthropic wants it.
struct Conversation {
  Json system = Json::array();      ///< text blocks
  Json messages = Json::array();    ///< user and assistant in turn, tool results grouped
  bool open_tool_loop = false;      ///< ends in tool results whose call came without its thinking
  Json tool_names = Json::array();  ///< of the calls in it
};
Result<Conversation> translate_messages(const Json& messages);

/// The blocks of a `content` value: a string or an array of parts. `where` starts the param of an error.
Result<Json> translate_content(const Json& content, const std::string& where);

/// Adds `thinking` and `output_config.effort` for an OpenAI reasoning_effort, where the model can and the
/// request allows it. Raises `max_tokens` by the budget unless the caller set it.
void add_reasoning(Json& out, std::string_view effort, std::string_view model, bool caller_set_max);

/// The refusal of a parameter.
tl::unexpected<Error> unsupported(std::string_view param, std::string_view why);

/// A member that is a string, or "".
std::string text(const Json& object, const char* name);
/// A member that is there and not null, or nullptr.
const Json* member(const Json& object, const char* name);

}  // namespace troupe::providers::anthropic
