#include "app/cli/completion.hpp"

#include <fmt/format.h>

#include <CLI/Option.hpp>
#include <vector>

namespace troupe::cli {
namespace {

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> out;
  for (const auto* option : app.get_options())
    for (const auto& name : option->get_lnames()) out.push_back("--" + name);
  return out;
}

/// What may follow an app's name: its verbs and flags, and the globals.
std::string words_of(const CLI::App& app, const CLI::App& root) {
  std::vector<std::string> out;
  for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    out.push_back(verb->get_name());
  for (auto& flag : flags_of(app)) out.push_back(std::move(flag));
  if (&app != &root)
    for (auto& flag : flags_of(root)) out.push_back(std::move(flag));
  return fmt::format("{}", fmt::join(out, " "));
}

std::string bash(const CLI::App& app) {
  std::string cases;
  for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    cases += fmt::format("    {}) words=\"{}\" ;;\n", verb->get_name(), words_of(*verb, app));
  return fmt::format(R"(_troupe() {{
  local words current="${{COMP_WORDS[COMP_CWORD]}}"
  case "${{COMP_WORDS[1]}}" in
{}    *) words="{}" ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="{}"; fi
  COMPREPLY=( $(compgen -W "$words" -- "$current") )
  [ ${{#COMPREPLY[@]}} -gt 0 ] || COMPREPLY=( $(compgen -f -- "$current") )
}}
complete -F _troupe troupe
)",
                     cases, words_of(app, app), words_of(app, app));
}

std::string quoted(std::string text) {
  for (auto at = text.find('\''); at != std::string::npos; at = text.find('\'', at + 2))
    text.replace(at, 1, "\\'");
  return "'" + text + "'";
}

std::string fish(const CLI::App& app) {
  std::string out;
  for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    out += fmt::format("complete -c troupe -n __fish_use_subcommand -f -a {} -d {}\n", verb->get_name(),
                       quoted(verb->get_description()));
    for (const auto* option : verb->get_options())
      for (const auto& name : option->get_lnames())
        out += fmt::format("complete -c troupe -n '__fish_seen_subcommand_from {}' -l {} -d {}\n",
                           verb->get_name(), name, quoted(option->get_description()));
  }
  return out;
}

}  // namespace

std::string completion(const CLI::App& app, const std::string& shell) {
  if (shell == "bash") return bash(app);
  if (shell == "zsh") return "#compdef troupe\nautoload -U +X bashcompinit && bashcompinit\n" + bash(app);
  return shell == "fish" ? fish(app) : std::string();
}

}  // namespace troupe::cli
