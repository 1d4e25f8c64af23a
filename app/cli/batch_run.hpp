#pragma once
// `troupe batch run`: sends the lines of a batch file to a node and puts the answers together.
#include "app/cli/batch_work.hpp"
#include "app/cli/context.hpp"

namespace troupe::cli {

/// Progress goes to standard error: a bar where that is a terminal, else a line now and then; --quiet:
/// nothing. 0; 1 for a file that is none or a disk that takes nothing; 4 when the node is gone; 5 without
/// leave; 6 when some lines failed; 130 after Ctrl-C. All but 0 and 6 can be gone on with by --resume, and
/// say so.
int run_batch(const Context& context, BatchOptions options);

}  // namespace troupe::cli
