#pragma once
// A pool whose connections are socket pairs that the test holds the other end of, and a clock that stands
// still.
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "gateway/cloud/ask.hpp"
#include "gateway/http/pool.hpp"
#include "tests/support/manual_clock.hpp"

namespace troupe::keeper::testing {

/// The test's end: what it sends has arrived when send() returns.
class Wire {
 public:
  explicit Wire(int fd) : fd_(fd) {}
  Wire(Wire&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Wire(const Wire&) = delete;
  ~Wire() { close(); }

  void send(const std::string& text) const {
    if (::send(fd_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) !=
        static_cast<ssize_t>(text.size()))
      throw std::runtime_error("the wire took less");
  }
  /// What arrived since the last look.
  std::string read() const {
    std::array<char, 65536> block{};
    const auto count = ::recv(fd_, block.data(), block.size(), MSG_DONTWAIT);
    return {block.data(), static_cast<std::size_t>(count < 0 ? 0 : count)};
  }
  /// The other side closed it. What is still unread is lost.
  bool over() const {
    read();
    char byte = 0;
    return ::recv(fd_, &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0;
  }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

struct Rig {
  boost::asio::io_context io{1};
  troupe::testing::ManualClock clock;
  http::Pool pool{io, clock};

  ~Rig() {
    pool.sweep(Duration::zero());
    run();
  }
  void run() {
    do io.restart();
    while (io.poll() > 0);
  }
  /// An idle connection to there; the next request takes it.
  Wire connection(const std::string& host, const std::string& port) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) throw std::runtime_error("no socket pair");
    boost::asio::ip::tcp::socket ours(io, boost::asio::ip::tcp::v4(), ends[0]);
    http::Origin origin;
    origin.host = host;
    origin.port = port;
    pool.give(pool.bucket(origin, 2), std::make_shared<http::Connection>(std::move(ours)));
    return Wire(ends[1]);
  }
  /// Sends an answer, and lets it be read.
  void answer(const Wire& wire, int status, const std::string& body, const std::string& headers = {}) {
    wire.send("HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers +
              "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    run();
  }
};

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace troupe::keeper::testing
