#pragma once
// Verbs about the configuration: the node's, a file's, and how to begin one.
#include <string>

#include "app/cli/context.hpp"

namespace troupe::cli {

/// The configuration in force (secrets as ***).
int run_config_show(const Context& context);
/// What would change if the node loaded `file`: a line per field.
int run_config_diff(const Context& context, const std::string& file);
/// Makes the node load its file again; 3 when it keeps the old one, with the reasons.
/// `cluster`: on all members or on none.
int run_config_reload(const Context& context, bool cluster);
/// Asks the node whether it would take `file`; 0 or 3.
int run_config_validate(const Context& context, const std::string& file);
int run_config_schema(const Context& context);

/// Checks `file` here, without a node; 0 or 3.
int run_check_config(const Context& context, const std::string& file, bool explain);
/// A commented configuration to begin with.
int run_init(const Context& context);

}  // namespace troupe::cli
