#pragma once
// One connection, plain or TLS, client's or provider's: a standing read into a bounded buffer and a send that
// never blocks.
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "gateway/http/wakeup.hpp"

namespace troupe::http {

/// Lives on one I/O thread, owned by shared_ptr (operations under way keep it alive). A read is outstanding
/// only while wanted: not asking for more is the back-pressure. All news goes to the listener.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Tls = boost::asio::ssl::stream<Socket>;

  explicit Connection(Socket socket);
  explicit Connection(std::unique_ptr<Tls> tls);
  ~Connection();

  /// Who is told; nullptr: nobody. The listener must outlive its registration.
  void listener(Listener* listener) { listener_ = listener; }

  /// Bytes received and not consumed.
  std::string_view data() const { return std::string_view(in_).substr(begin_, end_ - begin_); }
  void consume(std::size_t count);
  /// Starts a read if none is under way and the buffer has room; the listener hears of it.
  void want_read();
  /// True while a read is under way.
  bool reading() const { return reading_; }
  /// The peer closed its side or the connection broke; data() may still hold bytes.
  bool ended() const { return ended_; }
  /// Ended by an error (reset, TLS alert, truncation) rather than by a clean close.
  bool broken() const { return broken_; }

  /// Sends the buffers in order; what the socket does not take now is kept and sent as it drains.
  void send(std::string_view first, std::string_view second = {}, std::string_view third = {});
  /// Nothing is waiting to be sent.
  bool flushed() const { return out_.empty() && !writing_; }
  /// A send failed; nothing more can be sent.
  bool send_failed() const { return send_failed_; }

  /// Says that nothing more will be sent; reading goes on.
  void shutdown_send();
  /// Closes at once. Idempotent.
  void close();
  /// Closes with a reset, so that the peer cannot take what it has for a whole answer.
  void reset();
  bool open() const { return open_; }
  bool tls() const { return tls_ != nullptr; }

  std::uint64_t received = 0, sent = 0;
  Time idle_since{};       ///< used by the pool
  std::uint32_t uses = 0;  ///< requests served over it
  std::string peer;

 private:
  Socket& socket() { return tls_ ? tls_->next_layer() : plain_; }
  void on_read(boost::system::error_code error, std::size_t count);
  void start_write();
  void on_write(boost::system::error_code error, std::size_t count);
  std::size_t send_now(std::string_view first, std::string_view second, std::string_view third);
  void tell();

  Socket plain_;
  std::unique_ptr<Tls> tls_;
  Listener* listener_ = nullptr;
  std::string in_;
  std::size_t begin_ = 0, end_ = 0;
  std::string out_, sending_;
  bool reading_ = false, writing_ = false, ended_ = false, broken_ = false, send_failed_ = false,
       open_ = true;
};

}  // namespace troupe::http
