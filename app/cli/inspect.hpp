#pragma once
// Verbs that look into a running node by its admin port. Each prints and returns the exit code.
#include <string>

#include "app/cli/context.hpp"

namespace troupe::cli {

/// `sort` and `type` as GET /actors has them; empty = all, by type.
int run_actors(const Context& context, const std::string& sort, const std::string& type);
int run_keys(const Context& context);
int run_providers(const Context& context);
int run_requests(const Context& context, int limit);
int run_request(const Context& context, const std::string& id);
/// A dry run: for `model`, or for the chat completion body in `file` ("-" = standard input).
int run_explain(const Context& context, const std::string& model, const std::string& file);
/// `on` false ends the draining.
int run_drain(const Context& context, bool on);

}  // namespace troupe::cli
