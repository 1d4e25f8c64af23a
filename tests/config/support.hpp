#pragma once
// A configuration's world in a map.
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "config/environment.hpp"
#include "config/load.hpp"

namespace troupe::config {

using TextMap = std::map<std::string, std::string>;

inline Environment world(TextMap variables = {}, TextMap files = {}) {
  const auto from = [](TextMap texts) {
    return [texts = std::move(texts)](const std::string& name) -> std::optional<std::string> {
      const auto found = texts.find(name);
      return found == texts.end() ? std::nullopt : std::optional(found->second);
    };
  };
  const auto file = [read = from(std::move(files))](const std::string& path, std::size_t limit) {
    auto text = read(path);
    return text && text->size() > limit ? std::nullopt : text;
  };
  return {from(std::move(variables)), file};
}

inline LoadResult load(const std::string& yaml, const Environment& environment = world()) {
  return load_text(yaml, "test.yaml", environment);
}

/// The repository.
inline std::string source_dir() {
  if (const char* told = std::getenv("TROUPE_SOURCE_DIR")) return told;
  return std::filesystem::path(__FILE__).parent_path().parent_path().parent_path().string();
}

/// A legal beginning: one mock provider.
inline const std::string kMock = "version: 1\nproviders: { mock: { type: mock } }\n";

/// "line:column path: message (hint)" of every problem, one a line.
inline std::string said(const Problems& problems) {
  std::string all;
  for (const auto& problem : problems) {
    all += std::to_string(problem.line) + ":" + std::to_string(problem.column) + " " + problem.path + ": " +
           problem.message;
    if (!problem.hint.empty()) all += " (" + problem.hint + ")";
    all += "\n";
  }
  return all;
}

}  // namespace troupe::config
