#pragma once
// A YAML text as a tree with places; what yaml-cpp lets through (duplicate keys, alias bombs, depth) is
// refused here.
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/problem.hpp"

namespace troupe::config {

struct YamlNode;
using YamlPtr = std::shared_ptr<const YamlNode>;

struct YamlEntry {
  std::string key;
  int line = 0, column = 0;  ///< of the key
  YamlPtr value;
};

/// One node; immutable once the tree is built. An alias shares the node of its anchor.
struct YamlNode {
  enum class Kind : std::uint8_t { null, scalar, list, map };
  Kind kind = Kind::null;
  int line = 0, column = 0;          ///< 1-based
  std::string text;                  ///< scalar
  std::vector<YamlPtr> items;        ///< list
  std::vector<YamlEntry> entries;    ///< map, in the file's order
  std::size_t nodes = 1, depth = 1;  ///< of the subtree with aliases spelled out

  const YamlEntry* find(std::string_view key) const;
};

struct YamlLimits {
  std::size_t bytes = 4 << 20;
  std::size_t depth = 64;
  std::size_t nodes = 200'000;  ///< aliases spelled out
};

/// The root (null for an empty text) and everything that is wrong with the text itself. `root` is nullptr
/// when the text is no YAML or passes a limit; duplicate keys are problems beside a root.
struct YamlTree {
  YamlPtr root;
  Problems problems;
};

YamlTree parse_yaml(std::string_view text, const YamlLimits& limits = {});

}  // namespace troupe::config
