#pragma once
// Conversations and answers by chance, in everything that the Messages API can say.
#include <string>
#include <vector>

#include "core/random.hpp"
#include "gateway/dialects/json.hpp"
#include "gateway/dialects/reply.hpp"

namespace troupe::dialects::anthropic {

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
  Json cache() { return seldom() ? Json{{"type", "ephemeral"}, {"ttl", "1h"}} : Json(); }

  Text text(bool cached = true) {
    Text out;
    out.text = words();
    if (cached) out.cache = cache();
    return out;
  }
  Media media() {
    Media out;
    const bool image = often();
    out.kind = image ? Media::Kind::image : Media::Kind::document;
    switch (below(image ? 3 : 4)) {
      case 0:
        out.type = image ? "image/png" : "application/pdf";
        out.data = "AAAA";
        break;
      case 1:
        out.url = "https://x.example/" + id("");
        break;
      case 2:
        out.file_id = id("file_");
        break;
      default:
        out.type = "text/plain";
        out.text = words();
    }
    out.cache = cache();
    if (image) return out;
    if (seldom()) out.name = words();
    if (seldom()) out.more = {{"citations", {{"enabled", true}}}, {"context", words()}};
    return out;
  }
  Opaque opaque() {
    Opaque out{Dialect::anthropic, object()};
    out.json["type"] = "block_to_come";
    out.json["input"] = object();
    return out;
  }
  Reasoning reasoning() {
    Reasoning out;
    out.redacted = seldom();
    if (!out.redacted && often()) out.text = words();
    out.signature = id("seal");
    out.origin = seldom() ? Dialect::responses : Dialect::anthropic;
    return out;
  }
  ToolCall call() {
    ToolCall out;
    out.id = id("toolu_");
    out.name = id("tool");
    out.arguments = dump(object());
    return out;
  }

 private:
  Random random_;
};

}  // namespace troupe::dialects::anthropic
