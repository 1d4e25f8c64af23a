#pragma once
// A stream of the Messages API, told again as OpenAI chunks.
#include <vector>

#include "gateway/dialects/sse.hpp"
#include "gateway/providers/adapter.hpp"
#include "gateway/providers/anthropic_usage.hpp"
#include "gateway/providers/json_document.hpp"

namespace troupe::providers::anthropic {

/// message_start -> role chunk; deltas -> content, reasoning_content, tool_calls; message_delta -> finish
/// chunk; message_stop -> usage chunk (when asked for) and [DONE]. Signatures, citations of documents and the
/// blocks of server tools travel under `delta.anthropic`, with the index of their block.
class Stream final : public StreamReader {
 public:
  explicit Stream(const dialects::ChatRequest& request);
  void feed(std::string_view bytes, std::string& out) override;
  void close(std::string& out) override;

 private:
  enum class Kind : std::uint8_t { text, tool, thinking, other };
  struct Block {
    Kind kind = Kind::other;
    std::size_t ordinal = 0;  ///< of a tool call among the tool calls
    bool has_arguments = false;
  };

  void take(const dialects::SseFrame& frame, std::string& out);
  void take_event(std::string_view type, const json::object& event, std::string& out);
  void on_message_start(const json::object& event, std::string& out);
  void on_block_start(const json::object& event, std::string& out);
  void on_block_delta(const json::object& event, std::string& out);
  void on_block_stop(const json::object& event, std::string& out);
  void on_message_delta(const json::object& event, std::string& out);
  void on_message_stop(std::string& out);

  void start_tool(Block& block, const json::object& content, std::string& out);
  void say(std::string_view field, std::string_view text, std::string& out);
  void arguments(Block& block, std::string_view piece, std::string& out);
  void extend(std::int64_t index, std::string_view member, std::string& out);
  void finish(std::string_view reason, std::string_view refusal, std::string& out);
  void open(const json::object* message, std::string& out);
  void chunk(std::string_view delta, std::string_view finish, std::string& out);
  void give_up(Verdict verdict);
  Block& block(std::int64_t index);
  bool over() const { return ended || failure.has_value(); }

  dialects::SseSplitter splitter_;
  Tally tally_;
  std::vector<Block> blocks_;
  std::string head_;  ///< what every chunk begins with, up to "choices"
  std::string delta_;
  std::int64_t created_;
  std::size_t tools_ = 0, text_bytes_ = 0;
  bool include_usage_, opened_ = false, finished_ = false;
};

}  // namespace troupe::providers::anthropic
