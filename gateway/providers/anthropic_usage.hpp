#pragma once
// Usage and stop reasons in Anthropic's words. For the .cpp files of this room.
#include <string>
#include <string_view>

#include "core/units.hpp"
#include "gateway/providers/json_document.hpp"

namespace troupe::providers::anthropic {

/// Figures that come in two parts (message_start, message_delta); later ones replace earlier ones.
class Tally {
 public:
  void take(const json::object& usage);
  /// In OpenAI's sense: the input includes what was read from and written to the cache.
  Usage usage() const;

 private:
  std::int64_t input_ = 0, read_ = 0, written_ = 0, written_1h_ = 0, output_ = 0, thinking_ = 0;
};

/// {"prompt_tokens":...,"completion_tokens":...,"total_tokens":...,...}
std::string usage_json(const Usage& usage);

/// "stop", "length", "tool_calls" or "content_filter".
std::string_view finish_reason(std::string_view stop_reason);

}  // namespace troupe::providers::anthropic
