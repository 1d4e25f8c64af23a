#include "actors/everywhere.hpp"

#include <boost/asio/post.hpp>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace troupe::actors {
namespace {

constexpr auto kPatience = std::chrono::seconds(5);

/// Counts down from the number of contexts; outlives a caller who lost patience.
struct Latch {
  explicit Latch(std::size_t count) : left(count) {}

  void count_down() {
    std::lock_guard hold(mutex);
    if (--left == 0) done.notify_all();
  }
  bool wait() {
    std::unique_lock hold(mutex);
    return done.wait_for(hold, kPatience, [this] { return left == 0; });
  }

  std::mutex mutex;
  std::condition_variable done;
  std::size_t left;
};

bool left_to_us(boost::asio::io_context& io) {
  return io.stopped() || io.get_executor().running_in_this_thread();
}

void run_ourselves(boost::asio::io_context& io) {
  if (io.stopped()) io.restart();
  io.poll();
}

}  // namespace

bool run_everywhere(const std::vector<boost::asio::io_context*>& contexts,
                    const std::function<void(std::size_t)>& work, bool ours) {
  auto latch = std::make_shared<Latch>(contexts.size());
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    const bool run_it = ours || left_to_us(*contexts[i]);
    boost::asio::post(*contexts[i], [latch, work, i] {
      work(i);
      latch->count_down();
    });
    if (run_it) run_ourselves(*contexts[i]);
  }
  return latch->wait();
}

bool nudge_everywhere(const std::vector<boost::asio::io_context*>& contexts, bool ours) {
  return run_everywhere(
      contexts, [](std::size_t) {}, ours);
}

}  // namespace troupe::actors
