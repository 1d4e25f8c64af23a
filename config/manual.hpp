#pragma once
// The manual of every knob, from the same description that the loader walks.
#include <cstdint>
#include <string>
#include <vector>

namespace troupe::config {

struct ManualEntry {
  enum class Kind : std::uint8_t { value, section, list, map };
  Kind kind = Kind::value;
  std::string path;      ///< "providers.NAME.keys[].limits.rpm"
  std::string type;      ///< what may be written, with unit and range
  std::string standard;  ///< the default in the file's words; "" where there is none
  std::string absent;    ///< what absence means where there is no default
  std::string what;
  std::string cost;  ///< what raising it costs; may be empty
  bool required = false, restart = false;
};

/// In the order of the file.
const std::vector<ManualEntry>& manual();

}  // namespace troupe::config
