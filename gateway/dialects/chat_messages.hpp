#pragma once
// What routing wants to know of `messages`: how many, how long, images or not. For the .cpp files of this
// room.
#include <optional>

#include "core/result.hpp"
#include "gateway/dialects/json_walk.hpp"
#include "gateway/dialects/request.hpp"

namespace troupe::dialects {

/// Counted for each image, file or sound in place of its bytes.
inline constexpr std::int64_t kTokensPerAttachment = 800;
/// A chat's framing costs about so much for each message.
inline constexpr std::int64_t kTokensPerMessage = 3;

/// Sums of a request's parts.
struct Weight {
  std::int64_t text_bytes = 0, messages = 0, attachments = 0;
  bool images = false;
  Tokens tokens() const {
    return {text_bytes / 4 + messages * kTokensPerMessage + attachments * kTokensPerAttachment};
  }
};

/// Consumes the value of `messages`, checks its shape and syntax, adds to `weight`. `raw` becomes its bytes.
std::optional<Error> weigh_messages(json::Value& value, Weight& weight);

/// Consumes any value under the name `name`: its strings are text, but bytes in base64 and sealed thoughts
/// are none; objects that say they are images or documents are attachments. For dialects whose shape only
/// their codecs know.
std::optional<Error> weigh_any(json::Value& value, std::string_view name, int depth, Weight& weight);

/// Errors in OpenAI's words.
Error bad_json(simdjson::error_code why);
Error wrong_type(std::string_view param, std::string_view expected, std::string_view token);

}  // namespace troupe::dialects
