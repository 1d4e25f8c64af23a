#pragma once
// What a new configuration changes.
#include <cstdint>
#include <string>
#include <vector>

#include "config/types.hpp"

namespace troupe::config {

struct Change {
  enum class Kind : std::uint8_t { added, removed, changed };
  Kind kind = Kind::changed;
  std::string path;           ///< "providers.openai.keys[openai-1].limits.rpm"
  std::string before, after;  ///< in the file's words; secrets are "***"; empty for whole sections and rows
  bool restart = false;       ///< a reload keeps the old value: the node must be started anew
  friend bool operator==(const Change&, const Change&) = default;
};

/// Every difference, by path. A row or section that came or went is one change.
std::vector<Change> diff(const Config& before, const Config& after);

}  // namespace troupe::config
