#pragma once
// What is wrong with a configuration, and where.
#include <string>
#include <vector>

namespace troupe::config {

/// One mistake. Never holds the value of a secret or of a variable.
struct Problem {
  int line = 0, column = 0;  ///< 1-based; 0 = not from a file
  std::string path;          ///< "models.smart.targets[0].weight"; "" = the file as a whole
  std::string message;       ///< what is wrong
  std::string hint;          ///< what to do; may be empty
  friend bool operator==(const Problem&, const Problem&) = default;
};

using Problems = std::vector<Problem>;

}  // namespace troupe::config
