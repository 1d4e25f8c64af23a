#include "gateway/api/inside.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <charconv>
#include <memory>
#include <utility>

#include "gateway/api/background.hpp"
#include "gateway/api/session.hpp"

namespace troupe::api {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
constexpr std::size_t kLongestAnswer = 64U << 20;

/// Two ends of one connection; nullptrs when the process has no descriptors left.
std::pair<std::shared_ptr<http::Connection>, std::shared_ptr<http::Connection>> connection_pair(
    asio::io_context& io) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) return {};
  // Asio asks no socket what family it is of: reads, writes and closes are the same.
  const auto made = [&](int end) {
    return std::make_shared<http::Connection>(asio::ip::tcp::socket(io, asio::ip::tcp::v4(), end));
  };
  return {made(ends[0]), made(ends[1])};
}

std::string head_of(const batch::Work& work) {
  return "POST " + work.url +
         " HTTP/1.1\r\nhost: inside\r\ncontent-type: application/json\r\nx-troupe-class: batch\r\n"
         "connection: close\r\ncontent-length: " +
         std::to_string(work.body.size()) + "\r\n\r\n";
}

std::optional<Duration> number_of(std::string_view text, Duration unit) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count < 0) return std::nullopt;
  return unit * count;
}

std::optional<Duration> retry_after(const http::ResponseHead& head) {
  if (const auto exact = number_of(head.find("retry-after-ms"), std::chrono::milliseconds(1))) return exact;
  return number_of(head.find("retry-after"), std::chrono::seconds(1));
}

/// Reads one answer to its end; false when it is none.
awaitable<bool> read_answer(http::Connection& connection, http::Wakeup& wake, http::ResponseParser& parser) {
  for (;;) {
    std::size_t used = 0;
    auto state = parser.feed(connection.data(), used);
    connection.consume(used);
    if (connection.ended() && connection.data().empty() && state != http::ParseState::done)
      state = parser.feed_end();
    if (state == http::ParseState::done) co_return true;
    if (state == http::ParseState::failed || connection.ended() || parser.body().size() > kLongestAnswer)
      co_return false;
    if (used > 0) continue;
    connection.want_read();
    wake.at = kNever;
    co_await wake.wait();
  }
}

}  // namespace

awaitable<batch::LineAnswer> call_inside(Worker& worker, batch::Work work) {
  const Counted counted(worker.connections);  // a node that ends waits for both ends
  auto [mine, theirs] = connection_pair(worker.io);
  batch::LineAnswer out;
  if (!mine) co_return out;
  theirs->peer = "batch";
  auto session = std::make_shared<Session>(worker, theirs, Inside{work.owner.tenant, work.owner.key});
  serve(worker, std::move(session));
  http::Wakeup wake(worker.dog);
  mine->listener(&wake);
  const auto head = head_of(work);
  mine->send(head, work.body);
  http::ResponseParser parser;
  const bool answered = co_await read_answer(*mine, wake, parser);
  mine->listener(nullptr);
  mine->close();
  if (!answered) co_return out;
  out.status = parser.head().status;
  out.request_id = parser.head().find("x-request-id");
  out.retry_after = retry_after(parser.head());
  out.body = std::move(parser.body());
  co_return out;
}

}  // namespace troupe::api
