#include "config/diff.hpp"

#include <fmt/format.h>
#include <map>

#include "config/show.hpp"
#include "config/walker.hpp"

namespace troupe::config {
namespace {

/// A field, or the fact that a row or a section is there.
struct Leaf {
  std::string display, compared;
  bool restart = false;
};
using Leaves = std::map<std::string, Leaf>;

/// What tells two values apart; unlike the display it knows secrets.
std::string compared(const Value& value, const std::string& display) {
  if (const auto* hidden = std::get_if<Hidden>(&value)) return hidden->at->reveal();
  if (const auto* text = std::get_if<Text>(&value)) return *text->at;
  const auto* headers = std::get_if<Headers>(&value);
  if (headers == nullptr) return display;
  std::string all;
  for (const auto& [name, text] : *headers->at) all += fmt::format("{}={}\n", name, text);
  return all;
}

class Flattener final : public Walker {
 public:
  Flattener(Leaves& leaves, std::string path, bool restart)
      : leaves_(leaves), path_(std::move(path)), restart_(restart) {}

  void value(const Knob& knob, const Value& value) override {
    const auto json = shown(value);
    const auto display = json.is_null() ? "" : json.is_string() ? json.get<std::string>() : json.dump();
    leaves_[under(knob.name)] = {display, compared(value, display), restart_ || knob.restart};
  }
  void section(const Knob& knob, const Section& section) override {
    if (section.present) into(under(knob.name), restart_ || knob.restart, section.inner);
  }
  void rows(const Knob& knob, const Rows& rows) override {
    for (std::size_t at = 0; at < rows.names.size(); ++at) {
      const auto& name = rows.names[at];
      const auto label =
          rows.named ? "." + name : fmt::format("[{}]", name.empty() ? std::to_string(at) : name);
      into(under(knob.name) + label, restart_ || knob.restart, [&](Walker& inner) { rows.visit(at, inner); });
    }
  }
  void refuse(std::string_view /*name*/, std::string_view /*instead*/) override {}

 private:
  std::string under(std::string_view name) const {
    return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
  }
  void into(std::string path, bool restart, const Describe& visit) {
    leaves_[path] = {{}, {}, restart};
    Flattener inner(leaves_, std::move(path), restart);
    visit(inner);
  }

  Leaves& leaves_;
  std::string path_;
  bool restart_;
};

Leaves flatten(const Config& config) {
  Leaves leaves;
  auto copy = config;
  Flattener flattener(leaves, "", false);
  describe(flattener, copy);
  return leaves;
}

bool inside(const std::string& path, const std::string& whole) {
  return !whole.empty() && path.size() > whole.size() && path.starts_with(whole) &&
         (path[whole.size()] == '.' || path[whole.size()] == '[');
}

/// The leaves of `these` that `others` lacks; what is inside a missing row is not repeated.
void missing(const Leaves& these, const Leaves& others, Change::Kind kind,
             std::map<std::string, Change>& changes) {
  std::string whole;
  for (const auto& [path, leaf] : these) {
    if (others.contains(path) || inside(path, whole)) continue;
    const bool added = kind == Change::Kind::added;
    changes[path] = {kind, path, added ? "" : leaf.display, added ? leaf.display : "", leaf.restart};
    whole = path;
  }
}

}  // namespace

std::vector<Change> diff(const Config& before, const Config& after) {
  const auto old_leaves = flatten(before);
  const auto new_leaves = flatten(after);
  std::map<std::string, Change> changes;
  missing(old_leaves, new_leaves, Change::Kind::removed, changes);
  missing(new_leaves, old_leaves, Change::Kind::added, changes);
  for (const auto& [path, leaf] : old_leaves) {
    const auto other = new_leaves.find(path);
    if (other == new_leaves.end() || other->second.compared == leaf.compared) continue;
    changes[path] = {Change::Kind::changed, path, leaf.display, other->second.display, leaf.restart};
  }
  std::vector<Change> all;
  for (auto& [path, change] : changes) all.push_back(std::move(change));
  return all;
}

}  // namespace troupe::config
