#pragma once
// From the operator's text to one immutable Config, or to everything that is wrong with it at once.
#include <memory>
#include <string>
#include <string_view>

#include "config/environment.hpp"
#include "config/problem.hpp"
#include "config/types.hpp"

namespace troupe::config {

/// Either a configuration or at least one problem, in the file's order. Warnings come with either.
struct LoadResult {
  std::shared_ptr<const Config> config;  ///< nullptr when there are problems
  Problems problems;
  Problems warnings;  ///< legal, but probably not meant
  explicit operator bool() const { return config != nullptr; }
};

/// Parses, expands ${...}, fills defaults and validates. `source_name` becomes Config::source. Limits: 4 MiB
/// of text, 64 levels, 200,000 values with aliases spelled out. Never throws on any input.
LoadResult load_text(std::string_view yaml, std::string source_name, const Environment& environment);

/// The same for the file at `path`; an unreadable one is a problem. Relative paths inside are relative to the
/// working directory.
LoadResult load_file(const std::string& path, const Environment& environment);

/// from_environment(), validated.
LoadResult load_environment(const Environment& environment);

}  // namespace troupe::config
