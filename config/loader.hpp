#pragma once
// The walker that fills a Config from a YAML tree. Internal to load.cpp.
#include <string>
#include <string_view>
#include <vector>

#include "config/environment.hpp"
#include "config/places.hpp"
#include "config/problem.hpp"
#include "config/walker.hpp"
#include "config/yaml_tree.hpp"

namespace troupe::config {

/// Walks the description beside the tree; collects problems and places. Borrows everything for its lifetime.
class Loader final : public Walker {
 public:
  Loader(const Environment& environment, Problems& problems, Places& places)
      : environment_(environment), problems_(problems), places_(places) {}

  /// Fills `config` from `root`, which must be a map or null.
  void load(const YamlPtr& root, Config& config);

  void value(const Knob& knob, const Value& value) override;
  void section(const Knob& knob, const Section& section) override;
  void rows(const Knob& knob, const Rows& rows) override;
  void refuse(std::string_view name, std::string_view instead) override;

 private:
  struct Frame {
    const YamlNode* node;
    std::string path;
    std::vector<std::string> known;
  };

  const YamlEntry* take(const Knob& knob);
  std::string path_of(std::string_view name) const;
  void inside(const YamlNode& node, std::string path, const Describe& visit);
  void report_unknown();
  void problem(const YamlNode& node, std::string path, std::string message, std::string hint = {});
  void named_rows(const YamlNode& node, const std::string& path, const Rows& rows);
  void listed_rows(const YamlNode& node, const std::string& path, const Rows& rows);

  const Environment& environment_;
  Problems& problems_;
  Places& places_;
  std::vector<Frame> frames_;
};

}  // namespace troupe::config
