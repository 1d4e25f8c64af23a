#pragma once
// The items of an answer as JSON text, for streams and whole answers alike. All append to `out`. For the .cpp
// files of this room.
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/dialects/conversation.hpp"

namespace troupe::dialects::responses {

/// {"type":"output_text",...}; `annotations` and `logprobs`: the elements of the lists, joined by commas.
void append_text_part(std::string& out, std::string_view text, std::string_view annotations,
                      std::string_view logprobs);
void append_refusal_part(std::string& out, std::string_view text);
/// `parts`: the elements of `content`, joined by commas.
void append_message(std::string& out, std::string_view id, std::string_view status, std::string_view parts);

struct ReasoningItem {
  std::string_view id, text;
  std::string_view sealed;  ///< encrypted_content, packed; "" = none
  bool plain = false;       ///< the text is no summary but the thought itself
};
void append_reasoning(std::string& out, const ReasoningItem& item);

struct CallItem {
  std::string_view id, call_id, name;
  std::string_view arguments;  ///< whole; "" while they are coming
  std::string_view signature;  ///< Gemini's, in the place that Google gave it in OpenAI's shapes
  bool custom = false;
  std::string_view space = {};  ///< the namespace that `name` stands in; "" = none
};
void append_call(std::string& out, const CallItem& item, std::string_view status);

/// A whole `error` event: members as the API's reference has them, and in `error` as OpenAI sends them.
void append_error_event(std::string& out, std::int64_t sequence, std::string_view type, std::string_view code,
                        std::string_view message);

/// `,"name":"value"`
void append_member(std::string& out, std::string_view name, std::string_view value);
void append_number(std::string& out, std::int64_t number);

}  // namespace troupe::dialects::responses
