#pragma once
// Writes the stream of the Messages API. For the .cpp files of this room.
#include <deque>
#include <string>
#include <string_view>
#include <variant>

#include "gateway/dialects/events.hpp"

namespace troupe::dialects::anthropic {

/// One block is open at a time, and each is stopped before the next starts: while a tool call is open, what
/// is not its own waits. message_start waits for the first block, so that it can tell the usage of a provider
/// that tells it first.
class Encoder final : public StreamEncoder {
 public:
  explicit Encoder(const Framing& framing);

  void begin(std::string_view id, std::string_view model, std::int64_t created) override;
  void text(std::string_view piece) override;
  void reasoning(std::string_view piece) override;
  void seal(Dialect origin, std::string_view signature, bool redacted) override;
  void refusal(std::string_view piece) override;
  void tool_begin(std::size_t ordinal, std::string_view id, std::string_view name,
                  std::string_view signature) override;
  void tool_arguments(std::size_t ordinal, std::string_view piece) override;
  void tool_end(std::size_t ordinal) override;
  void citation(const Citation& citation) override;
  void opaque(Dialect origin, std::string_view json) override;
  void usage(const Usage& usage) override;
  void finish(Finish finish, std::string_view stop_sequence, std::string_view detail) override;
  void end() override;

 private:
  enum class Open : std::uint8_t { nothing, text, thinking, tool };
  struct Words {
    std::string text;
  };
  struct Thought {
    std::string text;
  };
  struct Sealed {
    std::string written;
    bool redacted = false;
  };
  struct Call {
    std::size_t ordinal = 0;
    std::string id, name, signature, arguments;
    bool ended = false;
  };
  struct Own {
    std::string json;
  };
  using Later = std::variant<Words, Thought, Sealed, Call, Citation, Own>;

  bool busy() const { return open_ == Open::tool; }
  template <class T>
  std::string& waiting_text();
  Call* waiting_call(std::size_t ordinal);
  void write(const Words& words);
  void write(const Thought& thought);
  void write(const Sealed& seal);
  void write(const Call& call);
  void write(const Citation& citation);
  void write(const Own& own);
  void write_waiting();

  void write_text(std::string_view piece);
  void write_thought(std::string_view piece);
  void write_arguments(std::string_view piece);
  void open_block(Open kind, std::string_view block);
  void whole_block(std::string_view block);
  void close_block();
  void start();
  void delta(std::string_view type, std::string_view member, std::string_view text);
  void number(std::size_t value);

  std::string id_, model_;
  std::deque<Later> later_;
  std::size_t index_ = 0;  ///< of the open block, or of the next
  std::size_t ordinal_ = 0, calls_ = 0;
  Usage usage_;
  Tokens expected_;  ///< input, until the provider tells it
  Finish finish_ = Finish::unknown;
  std::string sequence_, detail_;
  Open open_ = Open::nothing;
  bool started_ = false, pinged_ = false, cited_ = false, sealed_ = false, refused_ = false, ended_ = false;
};

}  // namespace troupe::dialects::anthropic
