// Rules and the classifier's tables.
#include "config/checks.hpp"
#include "config/nearest.hpp"
#include "config/rules/rule.hpp"

namespace troupe::config {
namespace {

bool web_address(const std::string& url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

/// Others that are asked on the way, and what needs a disk.
void check_services(Checks& checks) {
  const auto& config = checks.config;
  if (config.classifier && !web_address(config.classifier->url))
    checks.bad("classifier.url", "not an http or https URL");
  if (!config.cache.semantic || config.cache.semantic->embed.empty()) return;
  const auto& embed = config.cache.semantic->embed;
  std::vector<std::string> names;
  for (const auto& provider : config.providers) names.push_back(provider.name);
  const auto slash = embed.find('/');
  const auto name = embed.substr(0, slash);
  if (slash == embed.npos || slash + 1 == embed.size())
    checks.bad("cache.semantic.embed", "not provider/model", "embed: openai/text-embedding-3-small");
  else if (std::find(names.begin(), names.end(), name) == names.end())
    checks.bad("cache.semantic.embed", fmt::format("there is no provider \"{}\"", name),
               suggest(name, names));
}

}  // namespace

void check_routing(Checks& checks) {
  std::vector<std::string> aliases;
  for (const auto& model : checks.config.models) aliases.push_back(model.name);
  for (std::size_t at = 0; at < checks.config.routing.size(); ++at) {
    const auto& route = checks.config.routing[at];
    const auto path = fmt::format("routing[{}]", at);
    if (const auto rule = rules::Rule::parse(route.when); !rule)
      checks.bad(path + ".when", rule.error().message, "docs/routing.md says what a condition may be");
    if (std::find(aliases.begin(), aliases.end(), route.to) == aliases.end())
      checks.bad(path + ".to", fmt::format("there is no model \"{}\"", route.to), suggest(route.to, aliases));
  }
  for (const auto& task : checks.config.tasks) {
    const auto path = "tasks." + task.name;
    if (!plain_name(task.name))
      checks.bad(path, "a task's name is 1 to 64 letters, digits, '.', '_', '-', ':'");
    if (task.words.empty()) checks.bad(path + ".words", "no word: nothing would ever be of this task");
  }
  check_services(checks);
}

}  // namespace troupe::config
