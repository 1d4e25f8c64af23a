#include "config/check_report.hpp"

#include <fmt/format.h>

namespace troupe::config {
namespace {

using Json = nlohmann::ordered_json;

std::string line(const Problem& problem, std::string_view file, std::string_view kind) {
  std::string text(file);
  if (problem.line > 0) text += fmt::format(":{}:{}", problem.line, problem.column);
  text += fmt::format(": {}", kind);
  if (!problem.path.empty()) text += problem.path + ": ";
  text += problem.message;
  if (!problem.hint.empty()) text += fmt::format(" ({})", problem.hint);
  return text + "\n";
}

Json listed(const Problems& problems) {
  Json all = Json::array();
  for (const auto& it : problems) {
    all.push_back({{"line", it.line}, {"column", it.column}, {"path", it.path}, {"message", it.message}});
    if (!it.hint.empty()) all.back()["hint"] = it.hint;
  }
  return all;
}

std::string counted(std::size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

}  // namespace

std::string report_text(std::string_view file, const Problems& problems) {
  std::string text;
  for (const auto& problem : problems) text += line(problem, file, "");
  return text + fmt::format("{}: {}\n", file, counted(problems.size(), "problem"));
}

std::string report_text(std::string_view file, const LoadResult& result) {
  std::string text;
  for (const auto& warning : result.warnings) text += line(warning, file, "warning: ");
  if (!result) return text + report_text(file, result.problems);
  const auto& config = *result.config;
  return text + fmt::format("{}: valid ({}, {}, {})\n", file, counted(config.providers.size(), "provider"),
                            counted(config.models.size(), "model"), counted(config.tenants.size(), "tenant"));
}

Json report_json(std::string_view file, const LoadResult& result) {
  return {{"file", file},
          {"valid", static_cast<bool>(result)},
          {"problems", listed(result.problems)},
          {"warnings", listed(result.warnings)}};
}

}  // namespace troupe::config
