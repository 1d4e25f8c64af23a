#pragma once
// Where each field of a configuration stands in its file.
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "config/problem.hpp"

namespace troupe::config {

/// Filled by the loader, asked by the validator. Empty for a configuration without a file.
class Places {
 public:
  void add(std::string path, int line, int column) { at_.emplace(std::move(path), std::pair(line, column)); }
  bool has(const std::string& path) const { return at_.contains(path); }
  /// A problem at `path`, placed there or at the nearest enclosing field that stands in the file.
  Problem problem(std::string path, std::string message, std::string hint = {}) const {
    Problem found{0, 0, path, std::move(message), std::move(hint)};
    for (std::string_view rest = path; !rest.empty();) {
      if (const auto place = at_.find(std::string(rest)); place != at_.end()) {
        std::tie(found.line, found.column) = place->second;
        break;
      }
      const auto cut = rest.find_last_of(".[");
      rest = cut == std::string_view::npos ? std::string_view{} : rest.substr(0, cut);
    }
    return found;
  }

 private:
  std::map<std::string, std::pair<int, int>> at_;
};

}  // namespace troupe::config
