#pragma once
// Writes the stream of /v2/chat. For the .cpp files of this room.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/dialects/events.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::dialects::cohere {

/// A run of text or of thoughts is a block of the content; calls are counted by themselves.
class Encoder final : public StreamEncoder {
 public:
  explicit Encoder(const Framing& framing) : id_(framing.id) {}

  void begin(std::string_view id, std::string_view model, std::int64_t created) override;
  void text(std::string_view piece) override;
  void reasoning(std::string_view piece) override;
  void seal(Dialect, std::string_view, bool) override {}
  void refusal(std::string_view piece) override { text(piece); }
  void tool_begin(std::size_t ordinal, std::string_view id, std::string_view name,
                  std::string_view signature) override;
  void tool_arguments(std::size_t ordinal, std::string_view piece) override;
  void tool_end(std::size_t ordinal) override;
  void citation(const Citation& citation) override;
  void opaque(Dialect, std::string_view) override {}
  void usage(const Usage& usage) override { usage_ = usage; }
  void finish(Finish finish, std::string_view stop_sequence, std::string_view detail) override;
  void end() override;

 private:
  enum class Open : std::uint8_t { nothing, text, thinking };
  void piece(Open kind, std::string_view text);
  void close();
  void send(std::string_view type, std::optional<std::size_t> index, const nlohmann::ordered_json& delta);

  std::string id_, said_, word_ = "UNKNOWN";
  std::optional<Usage> usage_;
  std::size_t blocks_ = 0, citations_ = 0;
  Open open_ = Open::nothing;
};

}  // namespace troupe::dialects::cohere
