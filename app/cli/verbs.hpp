#pragma once
// The command line: verbs that talk to a running node, or to nobody. `serve` is added by main.
#include <CLI/App.hpp>

#include "app/cli/context.hpp"

namespace troupe::cli {

/// Adds the globals and every verb but `serve`. `context` outlives `app`; a verb that ran left its exit code
/// in Context::exit_code.
void register_verbs(CLI::App& app, Context& context);

/// Parses and runs, on the process's own streams where `context` has none. Answers the exit code: the verb's,
/// 2 for a wrong command line, 0 for --help.
int run(CLI::App& app, int argc, const char* const* argv, Context& context);

}  // namespace troupe::cli
