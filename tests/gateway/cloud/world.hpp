#pragma once
// Variables, files and clocks that the test owns.
#include <map>
#include <memory>
#include <string>

#include "config/environment.hpp"
#include "gateway/cloud/ask.hpp"

namespace troupe::cloud::testing {

struct World {
  std::map<std::string, std::string> variables, files;

  /// Sees later changes of this world, which must outlive it.
  config::Environment environment() {
    const auto find = [](const auto& in, const std::string& name) {
      const auto at = in.find(name);
      return at == in.end() ? std::optional<std::string>() : std::optional(at->second);
    };
    config::Environment made;
    made.variable = [this, find](const std::string& name) { return find(variables, name); };
    made.file = [this, find](const std::string& path, std::size_t) { return find(files, path); };
    return made;
  }
};

/// 2026-01-01 00:00:00 UTC, and a thousand hours of the monotonic clock, `later`.
inline Moment moment(Duration later = {}) {
  return {Time(std::chrono::hours(1000) + later), WallTime(std::chrono::seconds(1'767'225'600) + later)};
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace troupe::cloud::testing
