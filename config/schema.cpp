#include "config/schema.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "config/show.hpp"
#include "config/walker.hpp"

namespace troupe::config {
namespace {

using Json = nlohmann::ordered_json;

/// A text with a reference may stand for every value.
Json or_variable(Json shape) {
  return {{"anyOf", {std::move(shape), {{"type", "string"}, {"pattern", "\\$\\{"}}}}};
}

Json text(const std::string& pattern) {
  return {{"type", "string"}, {"pattern", pattern}};
}

struct Shape {
  Json operator()(const Flag&) const {
    return or_variable({{"enum", {true, false, "on", "off", "yes", "no"}}});
  }
  Json operator()(const Whole& it) const {
    return or_variable({{"type", "integer"}, {"minimum", it.min}, {"maximum", it.max}});
  }
  Json operator()(const Real& it) const {
    return or_variable({{"type", "number"}, {"minimum", it.min}, {"maximum", it.max}});
  }
  Json operator()(const Share&) const {
    const Json number{{"type", "number"}, {"minimum", 0}, {"maximum", 1}};
    return {{"anyOf", {number, text("^[0-9.]+%?$|\\$\\{")}}};
  }
  Json operator()(const Span&) const { return or_variable(text("^[0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h|d)$")); }
  Json operator()(const Size&) const { return or_variable(text("^[0-9]+(\\.[0-9]+)?([kKMGT]?B|[KMGT]iB)$")); }
  Json operator()(const Rate&) const { return or_variable(text("^[0-9]+ppm$")); }
  Json operator()(const Text& it) const {
    if (it.kind == TextKind::label) return or_variable(text("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"));
    if (it.kind == TextKind::endpoint) return or_variable(text("^.+:[0-9]+$"));
    return it.kind == TextKind::virtual_key_hash ? or_variable(text("^sha256:[0-9a-f]{64}$"))
                                                 : Json{{"type", "string"}};
  }
  Json operator()(const Hidden&) const { return {{"type", "string"}}; }
  Json operator()(const Choice& it) const {
    // `off` is a boolean to a YAML 1.1 editor.
    Json names = it.names;
    if (std::find(it.names.begin(), it.names.end(), "off") != it.names.end()) names.push_back(false);
    return or_variable({{"enum", std::move(names)}});
  }
  Json operator()(const Texts& it) const {
    const Json item = it.choices.empty() ? Json{{"type", "string"}} : Json{{"enum", it.choices}};
    return {{"type", "array"}, {"items", item}};
  }
  Json operator()(const Headers&) const {
    return {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
  }
  Json operator()(const AddressBook&) const {
    return {{"type", "object"}, {"additionalProperties", or_variable(text("^.+:[0-9]+$"))}};
  }
  Json operator()(const Labels&) const {
    return {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
  }
  Json operator()(const Moment&) const {
    return or_variable(text("^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$"));
  }
  Json operator()(const Shares& it) const {
    const Json number{{"type", "number"}, {"exclusiveMinimum", 0}, {"maximum", it.max}};
    return {{"type", "array"}, {"items", {{"anyOf", {number, text("^[0-9.]+%?$|\\$\\{")}}}}};
  }
  Json operator()(const Price& it) const {
    const std::string price = "\\$?[0-9]+(\\.[0-9]{1,6})?/Mtok";
    return or_variable(text(it.none.empty() ? "^" + price + "$" : fmt::format("^({}|{})$", it.none, price)));
  }
  Json operator()(const Use&) const { return or_variable(text("^[^/]+/.+$")); }
  Json operator()(const HedgeAfter&) const {
    return or_variable(text("^(p95|[0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h|d))$"));
  }
};

class Schemer final : public Walker {
 public:
  Json take() {
    Json made{{"type", "object"}, {"properties", std::move(properties_)}, {"additionalProperties", false}};
    if (!required_.empty()) made["required"] = std::move(required_);
    return made;
  }

  void value(const Knob& knob, const Value& value) override {
    auto json = std::visit(Shape{}, value);
    const auto standard = shown(value);
    if (!standard.is_null() && !knob.required) json["default"] = standard;
    add(knob, std::move(json));
  }
  void section(const Knob& knob, const Section& section) override {
    auto json = of(section.inner);
    if (section.optional) json = Json{{"anyOf", {std::move(json), {{"enum", {"off", false}}}}}};
    add(knob, std::move(json));
  }
  void rows(const Knob& knob, const Rows& rows) override {
    const auto row = of(rows.sample);
    add(knob, rows.named ? Json{{"type", "object"}, {"additionalProperties", row}}
                         : Json{{"type", "array"}, {"items", row}});
  }
  void refuse(std::string_view /*name*/, std::string_view /*instead*/) override {}
  bool everything() const override { return true; }

 private:
  static Json of(const Describe& visit) {
    Schemer inner;
    visit(inner);
    return inner.take();
  }
  void add(const Knob& knob, Json json) {
    json["description"] = knob.what;
    if (knob.required) required_.push_back(knob.name);
    properties_[std::string(knob.name)] = std::move(json);
  }

  Json properties_ = Json::object();
  Json required_ = Json::array();
};

}  // namespace

std::string json_schema() {
  Schemer schemer;
  Config sample;
  describe(schemer, sample);
  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Troupe configuration"}};
  schema.update(schemer.take());
  return schema.dump(2) + "\n";
}

}  // namespace troupe::config
