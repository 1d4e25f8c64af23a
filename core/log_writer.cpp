#include "core/log_writer.hpp"

#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>

namespace troupe::log {

Writer::Writer(std::shared_ptr<spdlog::sinks::sink> sink, std::size_t most)
    : sink_(std::move(sink)), most_(most) {
  // Batches are whole lines already.
  sink_->set_formatter(
      std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::local, std::string()));
  thread_ = std::thread([this] { run(); });
}

Writer::~Writer() {
  {
    const std::lock_guard hold(mutex_);
    stopping_ = true;
  }
  news_.notify_one();
  thread_.join();
}

void Writer::put(std::string_view line, bool urgent) {
  bool tell = false;
  {
    const std::lock_guard hold(mutex_);
    if (waiting_.size() + line.size() >= most_) {
      ++dropped_;
      return;
    }
    waiting_.append(line).push_back('\n');
    urgent_ = urgent_ || urgent;
    tell = listening_ || urgent;
    listening_ = false;
  }
  if (tell) news_.notify_one();
}

std::uint64_t Writer::dropped() const {
  const std::lock_guard hold(mutex_);
  return dropped_;
}

void Writer::run() {
  std::string batch;
  std::unique_lock hold(mutex_);
  for (;;) {
    listening_ = waiting_.empty();
    news_.wait(hold, [this] { return !waiting_.empty() || stopping_; });
    listening_ = urgent_ = false;
    if (waiting_.empty()) return;
    batch.swap(waiting_);
    hold.unlock();
    write(batch);
    batch.clear();
    hold.lock();
    news_.wait_for(hold, kGather, [this] { return urgent_ || stopping_; });
  }
}

/// A disk that is full must not end the node.
void Writer::write(const std::string& batch) {
  try {
    sink_->log(
        spdlog::details::log_msg({}, spdlog::level::info, spdlog::string_view_t(batch.data(), batch.size())));
    sink_->flush();
  } catch (const std::exception&) {
    const std::lock_guard hold(mutex_);
    ++dropped_;
  }
}

}  // namespace troupe::log
