#include <fmt/format.h>

#include "gateway/dialects/converse/encode.hpp"

namespace troupe::dialects::converse {
namespace {

constexpr std::string_view kJsonOnly =
    "Answer with one valid JSON object and nothing else: no Markdown fences, no text around it.";

void instruct(std::string text, Ordered& out) {
  if (!out.contains("system")) out["system"] = Ordered::array();
  out["system"].push_back({{"text", std::move(text)}});
}

const char* field_of(Dialect origin) {
  if (origin == Dialect::responses) return "text.format";
  return origin == Dialect::anthropic ? "output_config.format" : "response_format";
}

}  // namespace

Result<void> add_format(const Writing& writing, Ordered& out) {
  const auto& format = writing.talk.format;
  if (format.kind == Format::Kind::text) return {};
  if (format.kind == Format::Kind::json) {
    instruct(std::string(kJsonOnly), out);
    return {};
  }
  if (writing.native || writing.model.schemas) {
    Ordered schema = {{"schema", dump(format.schema)}};
    if (!format.name.empty()) schema["name"] = format.name;
    if (!format.description.empty()) schema["description"] = format.description;
    out["outputConfig"]["textFormat"] = {{"type", "json_schema"},
                                         {"structure", {{"jsonSchema", std::move(schema)}}}};
    return {};
  }
  if (!writing.target.drop) {
    return unsupported(field_of(writing.talk.origin),
                       "this model takes no schema for its answer; offer one tool with that schema and "
                       "require it with 'tool_choice'");
  }
  instruct(fmt::format("{} It must fit this JSON schema: {}", kJsonOnly, dump(format.schema)), out);
  return {};
}

}  // namespace troupe::dialects::converse
