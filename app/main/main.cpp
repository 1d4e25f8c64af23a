// The binary: `serve` here, every other verb in app/cli.
#include <CLI/CLI.hpp>

#include "app/cli/verbs.hpp"
#include "app/serve.hpp"

int main(int argc, char** argv) {
  CLI::App app{"Troupe: an actor-based router cluster for LLM APIs"};
  app.require_subcommand(1);
  troupe::cli::Context context;
  troupe::cli::register_verbs(app, context);
  troupe::app::ServeOptions options;
  auto* serve = app.add_subcommand("serve", "Run the node");
  serve
      ->add_option("-c,--config", options.config_path,
                   "Configuration file; without one, providers come from the environment")
      ->check(CLI::ExistingFile);
  serve->add_option("--log-level", options.log_level,
                    "debug, info, warn, error or off; default: as configured");
  serve->callback([&] { context.exit_code = troupe::app::serve(options); });
  return troupe::cli::run(app, argc, argv, context);
}
