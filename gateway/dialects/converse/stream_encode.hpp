#pragma once
// Writes a ConverseStream in its frames. For the .cpp files of this room.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/dialects/events.hpp"

namespace troupe::dialects::converse {

/// A run of text or thoughts is a block, a tool call is one of its own; calls that are told at once stand
/// side by side, each under its index.
class Encoder final : public StreamEncoder {
 public:
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
  enum class Open : std::uint8_t { nothing, text, thought };

  void open(Open kind);
  void close();
  void stop_block(std::size_t index);
  /// Writes the delta `before` + `text` as JSON + `after`.
  void delta(std::size_t index, std::string_view before, std::string_view text, std::string_view after);
  void send(std::string_view type, std::string_view payload);

  std::string payload_;
  std::vector<std::pair<std::size_t, std::size_t>> calls_;  ///< ordinal and index of the open calls
  std::size_t next_ = 0, index_ = 0;  ///< the next block's; that of the open text or thought
  Open open_ = Open::nothing;
  bool cited_ = false, sealed_ = false, called_ = false, ended_ = false;
  std::string figures_, sequence_, detail_;
  Finish finish_ = Finish::unknown;
};

}  // namespace troupe::dialects::converse
