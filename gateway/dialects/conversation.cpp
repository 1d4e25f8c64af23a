#include "gateway/dialects/conversation.hpp"

#include <map>

namespace troupe::dialects {

void resolve_tool_names(Conversation& talk) {
  std::map<std::string, std::string, std::less<>> names;
  for (auto& message : talk.messages) {
    for (auto& part : message.parts) {
      if (const auto* call = std::get_if<ToolCall>(&part.is)) names[call->id] = call->name;
      auto* result = std::get_if<ToolResult>(&part.is);
      if (!result || !result->name.empty()) continue;
      if (const auto found = names.find(result->id); found != names.end()) result->name = found->second;
    }
  }
}

}  // namespace troupe::dialects
