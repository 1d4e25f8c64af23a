// The writing half of a connection: one batch at a time, composed when the last one is gone.
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "cluster/link/connection.hpp"

namespace troupe::link {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {
constexpr std::size_t kBatch = 64 << 10;  // enough to fill four TLS records
constexpr std::size_t kKeep = 512 << 10;  // a larger buffer is given back after its frame
}  // namespace

void Connection::compose() {
  const auto add = [this](auto& waiting) {
    if (!waiting) return;
    append(batch_, *waiting);
    waiting.reset();
    ++traffic_.frames_out;
  };
  add(greeting_);
  add(pong_);
  add(ping_);
  if (admitted()) traffic_.frames_out += terms_.owner->fill(*this, batch_, kBatch);
  last_batch_ = farewell_.has_value();
  add(farewell_);
}

void Connection::write() {
  if (writing_ || last_batch_) return;
  if (batch_.capacity() > kKeep) batch_ = {};
  batch_.clear();
  compose();
  if (batch_.empty()) return;
  writing_ = true;
  written_ = 0;
  progress_ = now();
  write_some();
}

/// By the piece and not by async_write, so that progress is seen: a slow peer is not a dead one.
void Connection::write_some() {
  stream_.async_write_some(
      asio::buffer(batch_) + written_,
      [self = shared_from_this()](error_code error, std::size_t n) { self->wrote(error, n); });
}

void Connection::wrote(const error_code& error, std::size_t n) {
  if (std::holds_alternative<Ended>(stage_)) return;
  traffic_.bytes_out += n;
  written_ += n;
  if (error) {
    // Before hello the reading side knows better: the peer's alert or goodbye is on its way.
    if (admitted()) end(error.message());
    return;
  }
  progress_ = now();
  if (written_ < batch_.size()) return write_some();
  writing_ = false;
  if (!last_batch_) return write();
  error_code ignored;
  stream_.next_layer().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
}

}  // namespace troupe::link
