#pragma once
// Doing something once on each of several io_contexts, and waiting for it. Internal to actors/.
#include <boost/asio/io_context.hpp>
#include <functional>
#include <vector>

namespace troupe::actors {

/// Posts `work(i)` to every context and waits until all have run it; false when one did not within five
/// seconds. A context that nobody runs (stopped, or run by the calling thread itself) is run from here.
/// `work` may be called after a `false`: it must own what it touches.
bool run_everywhere(const std::vector<boost::asio::io_context*>& contexts,
                    const std::function<void(std::size_t)>& work);

/// Lets every context make progress once; for loops that wait for actors to end. False as above.
bool nudge_everywhere(const std::vector<boost::asio::io_context*>& contexts);

}  // namespace troupe::actors
