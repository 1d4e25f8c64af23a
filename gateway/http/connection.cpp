#include "gateway/http/connection.hpp"

#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>

namespace troupe::http {
namespace {

namespace asio = boost::asio;
constexpr std::size_t kFirstBuffer = 4 << 10;
constexpr std::size_t kLargestBuffer = 128 << 10;

std::string peer_name(const asio::ip::tcp::socket& socket) {
  boost::system::error_code error;
  const auto end = socket.remote_endpoint(error);
  return error ? std::string("unknown") : end.address().to_string() + ":" + std::to_string(end.port());
}

}  // namespace

Connection::Connection(Socket socket) : peer(peer_name(socket)), plain_(std::move(socket)) {
  boost::system::error_code ignored;
  plain_.non_blocking(true, ignored);
}

Connection::Connection(std::unique_ptr<Tls> tls)
    : peer(peer_name(tls->next_layer())), plain_(tls->next_layer().get_executor()), tls_(std::move(tls)) {}

Connection::~Connection() = default;

void Connection::tell() {
  if (listener_ != nullptr) listener_->ready();
}

void Connection::consume(std::size_t count) {
  begin_ += count;
  if (begin_ == end_) begin_ = end_ = 0;
}

void Connection::want_read() {
  if (reading_ || ended_ || !open_) return;
  if (end_ == in_.size()) {
    if (begin_ > 0) {
      in_.erase(0, begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ >= kLargestBuffer) return;
    in_.resize(in_.empty() ? kFirstBuffer : std::min(kLargestBuffer, std::max(in_.size(), end_ * 4)));
  }
  reading_ = true;
  auto room = asio::buffer(in_.data() + end_, in_.size() - end_);
  auto done = [self = shared_from_this()](boost::system::error_code error, std::size_t count) {
    self->on_read(error, count);
  };
  if (tls_) {
    tls_->async_read_some(room, std::move(done));
  } else {
    plain_.async_read_some(room, std::move(done));
  }
}

void Connection::on_read(boost::system::error_code error, std::size_t count) {
  reading_ = false;
  end_ += count;
  received += count;
  if (error) {
    ended_ = true;
    broken_ = error != asio::error::eof;
  }
  tell();
}

std::size_t Connection::send_now(std::string_view first, std::string_view second, std::string_view third) {
  const std::array<asio::const_buffer, 3> pieces{asio::buffer(first), asio::buffer(second),
                                                 asio::buffer(third)};
  boost::system::error_code error;
  const std::size_t count = plain_.write_some(pieces, error);
  if (error && error != asio::error::would_block) {
    send_failed_ = true;
    return 0;
  }
  sent += count;
  return count;
}

void Connection::send(std::string_view first, std::string_view second, std::string_view third) {
  if (!open_ || send_failed_) return;
  std::size_t done = 0;
  if (!tls_ && out_.empty() && !writing_) {
    done = send_now(first, second, third);
    if (send_failed_) return;
  }
  for (const auto piece : {first, second, third}) {
    const auto skip = std::min(done, piece.size());
    out_.append(piece.substr(skip));
    done -= skip;
  }
  if (!out_.empty()) start_write();
}

void Connection::start_write() {
  if (writing_) return;
  writing_ = true;
  sending_ = std::move(out_);
  out_.clear();
  auto done = [self = shared_from_this()](boost::system::error_code error, std::size_t count) {
    self->on_write(error, count);
  };
  if (tls_) {
    asio::async_write(*tls_, asio::buffer(sending_), std::move(done));
  } else {
    asio::async_write(plain_, asio::buffer(sending_), std::move(done));
  }
}

void Connection::on_write(boost::system::error_code error, std::size_t count) {
  writing_ = false;
  sent += count;
  if (error) {
    send_failed_ = true;
    out_.clear();
  } else if (!out_.empty()) {
    start_write();
    return;
  }
  sending_.clear();
  tell();
}

void Connection::shutdown_send() {
  boost::system::error_code ignored;
  if (open_) socket().shutdown(Socket::shutdown_send, ignored);
}

void Connection::close() {
  if (!open_) return;
  open_ = false;
  listener_ = nullptr;
  boost::system::error_code ignored;
  socket().shutdown(Socket::shutdown_both, ignored);
  socket().close(ignored);
}

void Connection::reset() {
  if (!open_) return;
  boost::system::error_code ignored;
  socket().set_option(asio::socket_base::linger(true, 0), ignored);
  close();
}

}  // namespace troupe::http
