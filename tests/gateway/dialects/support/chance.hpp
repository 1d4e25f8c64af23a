#pragma once
// Words, ids and JSON values by chance: what conversations in any dialect are made of.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "gateway/dialects/json.hpp"
#include "gateway/dialects/reply.hpp"

namespace troupe::dialects::testing {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}

  bool often() { return random_.below(3) != 0; }
  bool seldom() { return random_.below(5) == 0; }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_.below(bound)); }

  /// Never empty; scripts, quotes, escapes, emoji.
  std::string words() {
    static const std::vector<std::string> kWords{"hello",   "\"quoted\"",  "\\back", "line\nbreak",
                                                 "Grüße",   "日本語",      "🙂",   "\t\x01",
                                                 "{\"a\":", "data: x\n\n", "עברית",  "</s>"};
    std::string out;
    for (auto n = 1 + below(4); n > 0; --n) out += kWords[below(kWords.size())];
    return out;
  }
  std::string id(const std::string& head) { return head + std::to_string(random_.below(1'000'000'000)); }
  Json value(int depth = 0) {
    switch (below(depth > 2 ? 5 : 7)) {
      case 0:
        return words();
      case 1:
        return static_cast<std::int64_t>(random_.next());
      case 2:
        return 0.25 * static_cast<double>(below(1000));
      case 3:
        return often();
      case 4:
        return nullptr;
      case 5:
        return Json::array({value(depth + 1), value(depth + 1)});
      default:
        return object(depth + 1);
    }
  }
  Json object(int depth = 0) {
    Json out = Json::object();
    for (auto n = below(3); n > 0; --n) out[words()] = value(depth);
    return out;
  }
  ToolCall call(const std::string& head = "call_") {
    ToolCall out;
    out.id = id(head);
    out.name = id("tool");
    out.arguments = dump(object());
    return out;
  }

 private:
  Random random_;
};

/// The bytes of an answer's texts so far: where the places of the next text's citations begin.
inline std::int64_t said_before(const std::vector<Part>& parts) {
  std::int64_t at = 0;
  for (const auto& part : parts) {
    if (const auto* before = std::get_if<Text>(&part.is))
      at += static_cast<std::int64_t>(before->text.size());
  }
  return at;
}

inline bool has_calls(const Reply& reply) {
  for (const auto& part : reply.parts) {
    if (std::holds_alternative<ToolCall>(part.is)) return true;
  }
  return false;
}

}  // namespace troupe::dialects::testing
