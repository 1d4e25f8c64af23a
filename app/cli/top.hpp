#pragma once
#include "app/cli/context.hpp"

namespace troupe::cli {

/// The live screen, drawn anew each second until q; one frame when out is no terminal. 4 when the node does
/// not answer at the first try.
int run_top(const Context& context);

}  // namespace troupe::cli
