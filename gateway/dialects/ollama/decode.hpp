#pragma once
// Reading requests and whole answers. For the .cpp files of this room.
#include <deque>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "gateway/dialects/codec.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::ollama {

Result<Conversation> decode_request(std::string_view body);
Result<Reply> decode_reply(std::string_view body);

/// Reads `messages` in order: results without an id answer the first open call of their tool.
class MessageReader {
 public:
  /// `where` begins the param of an error.
  Result<Message> read(const Json& from, const std::string& where);

 private:
  Message read_result(const Json& from);
  void read_calls(const Json& from, Message& into);

  std::deque<ToolCall> open_;
  std::size_t made_up_ = 0;
};

}  // namespace troupe::dialects::ollama
