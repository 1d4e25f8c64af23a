#include "config/load.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <tuple>

#include "config/loader.hpp"
#include "config/places.hpp"
#include "config/validate.hpp"
#include "config/yaml_tree.hpp"

namespace troupe::config {
namespace {

/// A key is what makes an endpoint; where its secret is nobody's to write, nobody has to write one.
void complete(Config& config) {
  for (auto& provider : config.providers) {
    const bool given = provider.type == ProviderType::mock || finds_credentials(provider.type);
    if (!given || !provider.keys.empty()) continue;
    provider.keys.emplace_back();
    provider.keys.back().name = provider.name;
  }
}

void in_file_order(Problems& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  problems.erase(std::unique(problems.begin(), problems.end()), problems.end());
}

LoadResult finish(Config config, const Environment& environment, const Places& places, LoadResult result) {
  complete(config);
  validate(config, environment, places, result.problems, result.warnings);
  in_file_order(result.problems);
  in_file_order(result.warnings);
  if (result.problems.empty()) result.config = std::make_shared<const Config>(std::move(config));
  return result;
}

}  // namespace

LoadResult load_text(std::string_view yaml, std::string source_name, const Environment& environment) {
  auto tree = parse_yaml(yaml);
  LoadResult result;
  result.problems = std::move(tree.problems);
  if (!tree.root) return result;
  Config config;
  Places places;
  config.source = std::move(source_name);
  Loader(environment, result.problems, places).load(tree.root, config);
  return finish(std::move(config), environment, places, std::move(result));
}

LoadResult load_file(const std::string& path, const Environment& environment) {
  const auto text = environment.file(path, YamlLimits{}.bytes);
  if (text) return load_text(*text, path, environment);
  LoadResult result;
  result.problems.push_back(
      {0,
       0,
       {},
       fmt::format("cannot read the file \"{}\"", path),
       fmt::format("it must exist, be readable and at most {} bytes", YamlLimits{}.bytes)});
  return result;
}

LoadResult load_environment(const Environment& environment) {
  return finish(from_environment(environment), environment, {}, {});
}

}  // namespace troupe::config
