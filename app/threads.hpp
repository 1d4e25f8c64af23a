#pragma once
// One io_context per I/O thread, and the threads that run them.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace troupe::app {

class Threads {
 public:
  /// Starts `count` threads (0: one per core).
  explicit Threads(std::size_t count);
  ~Threads();
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  std::size_t size() const { return contexts_.size(); }
  boost::asio::io_context& io(std::size_t i) { return *contexts_[i]; }
  std::vector<boost::asio::io_context*> all() const;
  /// Runs `work` on thread i and waits for it.
  void run_on(std::size_t i, const std::function<void()>& work);
  /// Stops the loops and joins the threads; nothing that they would have run runs any more. The contexts live
  /// on.
  void join();

 private:
  using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
  std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
  std::vector<Guard> guards_;
  std::vector<std::thread> threads_;
};

}  // namespace troupe::app
