#pragma once
// Doing something once on each of several io_contexts, and waiting for it. Internal to actors/.
#include <boost/asio/io_context.hpp>
#include <functional>
#include <vector>

namespace troupe::actors {

/// Posts `work(i)` to every context and waits until all have run it; false when one did not within five
/// seconds. A context that nobody else runs is run from here: one that is stopped, one that the calling
/// thread is inside of, and all of them when `ours` says so. `work` may be called after a `false`: it must
/// own what it touches.
bool run_everywhere(const std::vector<boost::asio::io_context*>& contexts,
                    const std::function<void(std::size_t)>& work, bool ours);

/// Lets every context make progress once; for loops that wait for actors to end. False as above.
bool nudge_everywhere(const std::vector<boost::asio::io_context*>& contexts, bool ours);

}  // namespace troupe::actors
