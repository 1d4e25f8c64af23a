#include "app/threads.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <future>

#include "core/log.hpp"

namespace troupe::app {
namespace {

/// A handler that throws ends its request, not the node.
void run(boost::asio::io_context& io) {
  for (;;) {
    try {
      io.run();
      return;
    } catch (const std::exception& e) {
      log::error("io_thread_exception").text("what", e.what());
    }
  }
}

}  // namespace

Threads::Threads(std::size_t count) {
  if (count == 0) count = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < count; ++i) {
    contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
    guards_.push_back(boost::asio::make_work_guard(*contexts_.back()));
  }
  for (auto& io : contexts_) threads_.emplace_back([&io = *io] { run(io); });
}

Threads::~Threads() {
  join();
}

std::vector<boost::asio::io_context*> Threads::all() const {
  std::vector<boost::asio::io_context*> out;
  for (const auto& io : contexts_) out.push_back(io.get());
  return out;
}

void Threads::run_on(std::size_t i, const std::function<void()>& work) {
  std::promise<void> done;
  boost::asio::post(io(i), [&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

void Threads::join() {
  guards_.clear();
  for (auto& io : contexts_) io->stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace troupe::app
