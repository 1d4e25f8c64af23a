#include "config/manual.hpp"

#include <fmt/format.h>

#include "config/show.hpp"
#include "config/value_reader.hpp"
#include "config/walker.hpp"

namespace troupe::config {
namespace {

class Writer final : public Walker {
 public:
  Writer(std::vector<ManualEntry>& entries, std::string path) : entries_(entries), path_(std::move(path)) {}

  void value(const Knob& knob, const Value& value) override {
    auto entry = begin(knob, ManualEntry::Kind::value, expectation(value));
    if (!knob.required && knob.absent.empty()) entry.standard = standard(value);
    entries_.push_back(std::move(entry));
  }
  void section(const Knob& knob, const Section& section) override {
    const auto* type = section.optional ? "a section, or off" : "a section";
    entries_.push_back(begin(knob, ManualEntry::Kind::section, type));
    Writer inner(entries_, under(knob.name));
    section.inner(inner);
  }
  void rows(const Knob& knob, const Rows& rows) override {
    const auto kind = rows.named ? ManualEntry::Kind::map : ManualEntry::Kind::list;
    entries_.push_back(begin(knob, kind, rows.named ? "a map from names to sections" : "a list of sections"));
    Writer inner(entries_, under(knob.name) + (rows.named ? ".NAME" : "[]"));
    rows.sample(inner);
  }
  void refuse(std::string_view /*name*/, std::string_view /*instead*/) override {}
  bool everything() const override { return true; }

 private:
  static std::string standard(const Value& value) {
    const auto json = shown(value);
    if (json.is_null()) return "";
    return json.is_string() ? json.get<std::string>() : json.dump();
  }
  std::string under(std::string_view name) const {
    return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
  }
  ManualEntry begin(const Knob& knob, ManualEntry::Kind kind, std::string type) const {
    ManualEntry entry;
    entry.kind = kind;
    entry.path = under(knob.name);
    entry.type = std::move(type);
    entry.absent = knob.absent;
    entry.what = knob.what;
    entry.cost = knob.cost;
    entry.required = knob.required;
    entry.restart = knob.restart;
    return entry;
  }

  std::vector<ManualEntry>& entries_;
  std::string path_;
};

std::vector<ManualEntry> write() {
  std::vector<ManualEntry> entries;
  Writer writer(entries, "");
  Config sample;
  describe(writer, sample);
  return entries;
}

}  // namespace

const std::vector<ManualEntry>& manual() {
  static const auto entries = write();
  return entries;
}

}  // namespace troupe::config
