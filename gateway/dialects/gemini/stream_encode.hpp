#pragma once
// Writes the stream of streamGenerateContent. For the .cpp files of this room.
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "gateway/dialects/events.hpp"
#include "gateway/dialects/gemini/write.hpp"

namespace troupe::dialects::gemini {

/// Each piece is a chunk; calls are written whole, when their arguments are; citations and usage stand in the
/// last chunk.
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
  void open();
  void close();

  std::string id_, model_, head_;
  std::int64_t created_;
  std::map<std::size_t, ToolCall> calls_;
  Tail tail_;
};

}  // namespace troupe::dialects::gemini
