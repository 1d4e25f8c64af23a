#pragma once
// Writes the stream of /api/chat. For the .cpp files of this room.
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "gateway/dialects/events.hpp"
#include "gateway/dialects/ollama/encode.hpp"

namespace troupe::dialects::ollama {

/// Each piece is a line; calls are written whole, when their arguments are.
class Encoder final : public StreamEncoder {
 public:
  explicit Encoder(const Framing& framing) : model_(framing.model), created_(framing.created) {}

  void begin(std::string_view id, std::string_view model, std::int64_t created) override;
  void text(std::string_view piece) override;
  void reasoning(std::string_view piece) override;
  void seal(Dialect, std::string_view, bool) override {}
  void refusal(std::string_view piece) override { text(piece); }
  void tool_begin(std::size_t ordinal, std::string_view id, std::string_view name,
                  std::string_view signature) override;
  void tool_arguments(std::size_t ordinal, std::string_view piece) override;
  void tool_end(std::size_t ordinal) override;
  void citation(const Citation&) override {}
  void opaque(Dialect, std::string_view) override {}
  void usage(const Usage& usage) override { last_.usage = usage; }
  void finish(Finish finish, std::string_view stop_sequence, std::string_view detail) override;
  void end() override;

 private:
  /// A line whose message holds `name` beside its role and content.
  void send(std::string_view content, const char* name, Ordered value);

  std::string model_;
  std::int64_t created_;
  std::map<std::size_t, ToolCall> calls_;
  Reply last_;  ///< how it ends
};

}  // namespace troupe::dialects::ollama
