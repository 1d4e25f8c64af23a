#pragma once
// What one I/O thread does each second. Internal to node.cpp.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "gateway/api/prober.hpp"
#include "gateway/api/worker.hpp"

namespace troupe::app {

/// Ticks each second on one I/O thread: that worker's housekeeping, and the node's active probes on the
/// first.
class Housekeeping {
 public:
  /// `first` is called each second too; only on the first thread.
  Housekeeping(boost::asio::io_context& io, api::Worker& worker, std::function<void()> first)
      : timer_(io), worker_(worker), first_(std::move(first)) {
    if (first_) prober_ = std::make_unique<api::Prober>(worker);
    wait();
  }
  std::size_t probing() const { return prober_ ? prober_->under_way() : 0; }
  void stop() {
    stopped_ = true;
    if (prober_) prober_->stop();
    timer_.cancel();
  }

 private:
  void wait() {
    timer_.expires_after(std::chrono::seconds(1));
    timer_.async_wait([this](boost::system::error_code error) {
      if (error || stopped_) return;
      worker_.sweep();
      if (prober_) prober_->tick();
      if (first_) first_();
      wait();
    });
  }
  boost::asio::steady_timer timer_;
  api::Worker& worker_;
  std::unique_ptr<api::Prober> prober_;
  std::function<void()> first_;
  bool stopped_ = false;
};

}  // namespace troupe::app
