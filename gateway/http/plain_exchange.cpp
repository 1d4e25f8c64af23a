#include "gateway/http/plain_exchange.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace troupe::http {
namespace asio = boost::asio;

namespace {
constexpr auto kQuietly = asio::as_tuple(asio::use_awaitable);
}

asio::awaitable<bool> PlainExchange::send(std::string bytes) {
  if (broken_) co_return false;
  stream_.expires_after(terms_.patience);
  const auto [error, sent] = co_await asio::async_write(stream_, asio::buffer(bytes), kQuietly);
  stream_.expires_never();
  if (error) broken_ = true;
  co_return !error;
}

asio::awaitable<BodyWriter*> PlainExchange::start(Response head) {
  started_ = true;
  if (terms_.http10) terms_.keep_alive = false;
  const auto framing = terms_.http10 ? Framing::until_close : Framing::chunked;
  auto bytes = answer_head(head, framing, terms_.keep_alive);
  co_await send(std::move(bytes));
  co_return static_cast<BodyWriter*>(this);
}

asio::awaitable<bool> PlainExchange::write(std::string_view piece) {
  if (broken_ || head_only()) co_return false;
  if (piece.empty()) co_return true;
  auto bytes = terms_.http10 ? std::string(piece) : chunk(piece);
  const bool sent = co_await send(std::move(bytes));
  co_return sent;
}

void PlainExchange::abort() {
  broken_ = true;
  boost::system::error_code ignored;
  stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
  stream_.socket().close(ignored);
}

asio::awaitable<bool> PlainExchange::finish(Response whole) {
  if (broken_) co_return false;
  std::string bytes;
  if (started_) {
    if (!terms_.http10 && !head_only()) bytes = kLastChunk;
  } else {
    bytes = answer_head(whole, Framing::length, terms_.keep_alive);
    if (!head_only()) bytes += whole.body;
  }
  const bool sent = co_await send(std::move(bytes));
  co_return sent&& terms_.keep_alive;
}

}  // namespace troupe::http
