// Rules and the classifier's tables.
#include "config/checks.hpp"
#include "config/nearest.hpp"
#include "config/rules/rule.hpp"

namespace troupe::config {

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
}

}  // namespace troupe::config
