#pragma once
// Parts and ends of answers as text, the same for whole answers and for streams. For the .cpp files of this
// room.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/dialects/events.hpp"

namespace troupe::dialects::gemini {

/// {"text":...}, with "thought" and "thoughtSignature" where there are such; `signature` as it travels.
void append_text(std::string& out, std::string_view text, bool thought, std::string_view signature);
/// {"functionCall":{...}}; arguments that are no JSON object become one.
void append_call(std::string& out, const ToolCall& call);

/// What stands beside the parts.
struct Tail {
  Finish finish = Finish::unknown;
  std::string detail;
  std::optional<Usage> usage;
  std::string service_tier;
  std::vector<Citation> citations;
};
/// The members of the candidate after "content", its brace, and "usageMetadata".
void append_tail(std::string& out, const Tail& tail);
/// The members "modelVersion", "responseId" and "createTime", as far as they are known.
void append_head(std::string& out, std::string_view id, std::string_view model, std::int64_t created);

}  // namespace troupe::dialects::gemini
