#pragma once
// What this binary is.
#include <map>
#include <string>

namespace troupe::admin {

struct BuildInfo {
  std::string version = "0.1.0", git, built, compiler;
  std::map<std::string, std::string> libs;  ///< name to version
};

}  // namespace troupe::admin
