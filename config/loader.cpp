#include "config/loader.hpp"

#include <fmt/format.h>
#include <algorithm>

#include "config/nearest.hpp"
#include "config/value_reader.hpp"

namespace troupe::config {
namespace {

using Kind = YamlNode::Kind;

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return "a single value";
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a section of fields";
  }
  return "";
}

}  // namespace

void Loader::load(const YamlPtr& root, Config& config) {
  inside(*root, "", [&config](Walker& walker) { describe(walker, config); });
}

std::string Loader::path_of(std::string_view name) const {
  const auto& at = frames_.back().path;
  return at.empty() ? std::string(name) : fmt::format("{}.{}", at, name);
}

void Loader::problem(const YamlNode& node, std::string path, std::string message, std::string hint) {
  problems_.push_back({node.line, node.column, std::move(path), std::move(message), std::move(hint)});
}

const YamlEntry* Loader::take(const Knob& knob) {
  auto& frame = frames_.back();
  frame.known.emplace_back(knob.name);
  const auto* entry = frame.node->find(knob.name);
  if (entry != nullptr) {
    places_.add(path_of(knob.name), entry->value->line, entry->value->column);
  } else if (knob.required) {
    problem(*frame.node, path_of(knob.name), fmt::format("\"{}\" is missing", knob.name),
            std::string(knob.what));
  }
  return entry;
}

void Loader::value(const Knob& knob, const Value& value) {
  if (const auto* entry = take(knob))
    read_value(*entry->value, path_of(knob.name), value, environment_, problems_, places_);
}

void Loader::inside(const YamlNode& node, std::string path, const Describe& visit) {
  if (node.kind != Kind::map && node.kind != Kind::null) {
    return problem(node, std::move(path),
                   fmt::format("{} where a section of fields belongs", kind_name(node.kind)),
                   "write its fields as name: value");
  }
  frames_.push_back({&node, std::move(path), {}});
  visit(*this);
  report_unknown();
  frames_.pop_back();
}

void Loader::report_unknown() {
  const auto& frame = frames_.back();
  for (const auto& entry : frame.node->entries) {
    const bool known = std::find(frame.known.begin(), frame.known.end(), entry.key) != frame.known.end();
    if (known) continue;
    problems_.push_back({entry.line, entry.column, path_of(entry.key),
                         fmt::format("unknown field \"{}\"", entry.key), suggest(entry.key, frame.known)});
  }
}

void Loader::section(const Knob& knob, const Section& section) {
  const auto* entry = take(knob);
  // Defaults stand; nothing inside is required of a section that is left out.
  if (entry == nullptr) return;
  if (section.optional && entry->value->kind == Kind::scalar && entry->value->text == "off") return;
  if (section.make) section.make();
  inside(*entry->value, path_of(knob.name), section.inner);
}

void Loader::rows(const Knob& knob, const Rows& rows) {
  const auto* entry = take(knob);
  if (entry == nullptr || entry->value->kind == Kind::null) return;
  const auto& node = *entry->value;
  const auto wanted = rows.named ? Kind::map : Kind::list;
  if (node.kind != wanted) {
    return problem(
        node, path_of(knob.name),
        fmt::format("{} where {} belongs", kind_name(node.kind), rows.named ? "a map from names" : "a list"),
        rows.named ? "write name: { ... }" : "write [ { ... }, { ... } ] or lines that begin with -");
  }
  rows.named ? named_rows(node, path_of(knob.name), rows) : listed_rows(node, path_of(knob.name), rows);
}

void Loader::named_rows(const YamlNode& node, const std::string& path, const Rows& rows) {
  for (const auto& entry : node.entries) {
    if (node.find(entry.key) != &entry) continue;  // a duplicate, reported with the text
    const auto here = fmt::format("{}.{}", path, entry.key);
    places_.add(here, entry.line, entry.column);
    const auto row = rows.add(entry.key);
    inside(*entry.value, here, [&](Walker& walker) { rows.visit(row, walker); });
  }
}

void Loader::listed_rows(const YamlNode& node, const std::string& path, const Rows& rows) {
  for (std::size_t at = 0; at < node.items.size(); ++at) {
    const auto& item = *node.items[at];
    const auto here = fmt::format("{}[{}]", path, at);
    places_.add(here, item.line, item.column);
    const auto row = rows.add({});
    inside(item, here, [&](Walker& walker) { rows.visit(row, walker); });
  }
}

void Loader::refuse(std::string_view name, std::string_view instead) {
  // An empty value asks for nothing: `otlp: "${OTEL_EXPORTER_OTLP_ENDPOINT:-}"`.
  const auto* entry = frames_.back().node->find(name);
  if (entry == nullptr) return;
  frames_.back().known.emplace_back(name);
  std::string unused;
  if (entry->value->kind == Kind::null) return;
  if (entry->value->kind == Kind::scalar) {
    Problems ignored;
    read_value(*entry->value, path_of(name), Text{&unused}, environment_, ignored, places_);
    if (unused.empty() && ignored.empty()) return;
  }
  problems_.push_back({entry->line, entry->column, path_of(name),
                       fmt::format("\"{}\" is not supported by this version", name), std::string(instead)});
}

}  // namespace troupe::config
