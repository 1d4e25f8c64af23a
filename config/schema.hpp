#pragma once
// What an editor needs to help with a configuration file.
#include <string>

namespace troupe::config {

/// JSON Schema (draft 2020-12) of the file, indented. `# yaml-language-server: $schema=...` points to it.
std::string json_schema();

}  // namespace troupe::config
