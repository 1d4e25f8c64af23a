#pragma once
// Conversations and answers by chance, in everything that the Messages API can say.
#include "tests/gateway/dialects/support/chance.hpp"

namespace troupe::dialects::anthropic {

class Chance : public testing::Chance {
 public:
  using testing::Chance::Chance;

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
  ToolCall call() { return testing::Chance::call("toolu_"); }
};

}  // namespace troupe::dialects::anthropic
