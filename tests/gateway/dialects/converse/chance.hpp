#pragma once
// Conversations and answers by chance, in everything that Converse can say.
#include <vector>

#include "tests/gateway/dialects/support/chance.hpp"

namespace troupe::dialects::converse {

class Chance : public testing::Chance {
 public:
  using testing::Chance::Chance;

  Json cache() {
    if (!seldom()) return {};
    return often() ? Json{{"type", "ephemeral"}} : Json{{"type", "ephemeral"}, {"ttl", "1h"}};
  }
  Text text(bool cached = true) {
    Text out;
    out.text = words();
    if (cached) out.cache = cache();
    return out;
  }
  Citation citation() {
    Citation out;
    out.origin = Dialect::converse;
    out.title = words();
    out.quote = words();
    out.raw = {{"title", out.title}, {"sourceContent", Json::array({{{"text", out.quote}}})}};
    if (often()) {
      out.raw["location"]["documentChar"] = {{"documentIndex", 0}, {"start", 1}, {"end", 9}};
    } else {
      out.url = "https://x.example";
      out.raw["location"]["web"]["url"] = out.url;
    }
    return out;
  }
  /// With the places of its citations, as a decoder says them.
  void add_text(std::vector<Part>& into, bool cached) {
    const auto at = testing::said_before(into);
    auto said = text(cached);
    while (seldom()) {
      said.citations.push_back(citation());
      said.citations.back().start = at;
      said.citations.back().end = at + static_cast<std::int64_t>(said.text.size());
    }
    into.push_back({std::move(said)});
  }
  Media media() {
    Media out;
    switch (below(5)) {
      case 0:
        out.type = "image/png";
        out.data = "AAAA";
        break;
      case 1:
        out.kind = Media::Kind::document;
        out.type = "application/pdf";
        out.data = "AAAA";
        out.name = words();
        break;
      case 2:
        out.kind = Media::Kind::video;
        out.type = "video/mp4";
        out.url = "s3://bucket/" + id("");
        out.more = {{"bucketOwner", "123"}};
        break;
      case 3:
        out.type = "image/heic";
        out.data = "AAAA";
        break;
      default:
        out.kind = Media::Kind::document;
        out.type = "text/markdown";
        out.text = words();
        out.name = "notes";
        out.more = {{"citations", {{"enabled", true}}}, {"context", words()}};
    }
    out.cache = cache();
    return out;
  }
  /// `shared`: seals of others come this way too.
  Reasoning reasoning(bool shared) {
    Reasoning out;
    out.redacted = seldom();
    if (!out.redacted) out.text = words();
    if (!out.redacted && seldom()) return out;
    out.signature = id("seal");
    out.origin = shared && seldom() ? Dialect::responses : Dialect::converse;
    if (out.redacted && out.origin == Dialect::converse && often()) out.signature = "base64:AAEC/w==";
    return out;
  }
  ToolCall call() { return testing::Chance::call("tooluse_"); }
  Opaque own_call() {
    return {Dialect::converse,
            {{"toolUse",
              {{"toolUseId", id("t")}, {"name", "nova"}, {"type", "server_tool_use"}, {"input", object()}}}}};
  }
};

}  // namespace troupe::dialects::converse
