#include "app/cli/config_verbs.hpp"

#include <fmt/format.h>

#include <ostream>

#include "app/cli/looks.hpp"
#include "app/cli/node.hpp"
#include "app/cli/starter.hpp"
#include "config/check_report.hpp"
#include "config/load.hpp"
#include "config/prices.hpp"
#include "config/schema.hpp"
#include "config/show.hpp"

namespace troupe::cli {
namespace {

int verdict(const Context& context, const Json& body, const std::string& file, std::string_view good) {
  const bool ok = at(body, "ok") == true;
  if (print_json(context, body)) return ok ? done : config_invalid;
  if (!ok) *context.err << problem_lines(body, file);
  if (ok && !context.globals.quiet) *context.out << good << "\n";
  return ok ? done : config_invalid;
}

Json list_of(const Json& body, std::string_view field) {
  const auto& value = at(body, field);
  return value.is_array() ? value : Json::array();
}

std::string change_line(const Json& change, const Json& before) {
  const auto path = text(change, "path"), op = text(change, "op");
  const auto old = op == "add" ? Json() : before.value(Json::json_pointer(path), Json());
  if (op == "remove") return fmt::format("- {}: {}\n", path, old.dump());
  if (op == "add") return fmt::format("+ {}: {}\n", path, at(change, "value").dump());
  return fmt::format("~ {}: {} -> {}\n", path, old.dump(), at(change, "value").dump());
}

}  // namespace

int run_config_show(const Context& context) {
  const auto answer = ask_admin(context, "GET", "/config");
  if (!answer) return answer.error();
  *context.out << answer->body.dump(2) << "\n";
  return done;
}

int run_config_diff(const Context& context, const std::string& file) {
  const auto loaded = config::load_file(file, config::real_environment());
  if (!loaded) {
    *context.err << config::report_text(file, loaded);
    return config_invalid;
  }
  const auto answer = ask_admin(context, "GET", "/config");
  if (!answer) return answer.error();
  const auto changes = Json::diff(answer->body, config::show(*loaded.config));
  if (print_json(context, changes)) return done;
  for (const auto& change : changes) *context.out << change_line(change, answer->body);
  if (changes.empty() && !context.globals.quiet) *context.out << "no difference\n";
  return done;
}

int run_config_reload(const Context& context, bool cluster) {
  const auto answer = ask_admin(context, "POST", cluster ? "/config/reload?scope=cluster" : "/config/reload");
  if (!answer) return answer.error();
  if (!context.globals.json) {
    for (const char* who : {"refused", "unconfirmed"})
      for (const auto& row : list_of(answer->body, who))
        *context.err << fmt::format("{} {}: {}\n", who, text(row, "node"), text(row, "why"));
  }
  return verdict(context, answer->body, "config",
                 fmt::format("reloaded, revision {}", text(answer->body, "revision")));
}

int run_config_validate(const Context& context, const std::string& file) {
  const auto content = read_file(file);
  if (!content) return complain(context, usage, content.error());
  const auto answer = ask_admin(context, "POST", "/config/validate", *content);
  if (!answer) return answer.error();
  return verdict(context, answer->body, file, file + " is valid for this node");
}

int run_config_schema(const Context& context) {
  *context.out << config::json_schema() << "\n";
  return done;
}

int run_check_config(const Context& context, const std::string& file, bool explain) {
  const auto loaded = config::load_file(file, config::real_environment());
  if (context.globals.json) {
    *context.out << config::report_json(file, loaded).dump(2) << "\n";
  } else if (!loaded || !context.globals.quiet) {
    (loaded ? *context.out : *context.err) << config::report_text(file, loaded);
  }
  if (!loaded) return config_invalid;
  if (explain && !context.globals.json)
    *context.out << "\n" << config::explain(*loaded.config, *config::PriceCatalogue::embedded());
  return done;
}

int run_init(const Context& context) {
  *context.out << starter_config();
  return done;
}

}  // namespace troupe::cli
