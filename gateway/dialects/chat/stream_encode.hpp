#pragma once
// Events as the chat chunks that OpenAI's clients read.
#include <string>
#include <vector>

#include "gateway/dialects/events.hpp"

namespace troupe::dialects::chat {

/// First the role, then deltas; the finish chunk; the usage chunk where it was asked for; [DONE].
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
  void say(std::string_view field, std::string_view text);
  void chunk(std::string_view delta, std::string_view finish);
  void open();

  std::string id_, model_;
  std::int64_t created_;
  bool include_usage_, opened_ = false;
  std::vector<bool> told_;  ///< by ordinal: whether the call has arguments
  std::string head_;        ///< what every chunk begins with, up to its choices
  std::string delta_;       ///< scratch
  std::string thought_;     ///< since the last seal
  std::optional<Usage> usage_;
};

}  // namespace troupe::dialects::chat
