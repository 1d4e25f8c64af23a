#include "gateway/http/plain_connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <tuple>

#include "core/log.hpp"
#include "gateway/http/plain_exchange.hpp"
#include "gateway/http/plain_wire.hpp"

// Optimizing, g++ 12 takes Asio's own operator delete of coroutine frames for a foreign one.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace troupe::http {
namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

namespace {

constexpr auto kQuietly = asio::as_tuple(asio::use_awaitable);
using Parser = beast::http::request_parser<beast::http::string_body>;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

template <class View>
std::string text_of(const View& view) {
  return std::string(view.data(), view.size());
}

Request to_request(beast::http::request<beast::http::string_body>&& message, const std::string& peer) {
  Request out;
  out.method = text_of(message.method_string());
  out.target = text_of(message.target());
  const auto mark = std::min(out.target.find('?'), out.target.size());
  out.path = out.target.substr(0, mark);
  if (mark < out.target.size()) out.query = out.target.substr(mark + 1);
  for (const auto& field : message)
    out.headers.emplace_back(lower(text_of(field.name_string())), text_of(field.value()));
  out.body = std::move(message.body());
  out.peer = peer;
  return out;
}

Response refusal(error_code why) {
  using beast::http::error;
  if (why == error::body_limit)
    return error_answer(413, "request_too_large", "The request body is larger than this server takes.");
  if (why == error::header_limit || why == error::buffer_overflow)
    return error_answer(431, "headers_too_large", "The request headers are larger than this server takes.");
  return error_answer(400, "invalid_request_error", "This is not a well-formed HTTP/1.1 request.");
}

bool client_left(error_code why) {
  return why == beast::http::error::end_of_stream || why == beast::http::error::partial_message ||
         why == beast::error::timeout || why.category() == asio::error::get_system_category() ||
         why.category() == asio::error::get_misc_category();
}

bool wants_continue(const Parser& parser) {
  return beast::iequals(parser.get()[beast::http::field::expect], "100-continue") && !parser.is_done();
}

}  // namespace

PlainConnection::PlainConnection(asio::ip::tcp::socket socket, const ServerOptions& options,
                                 const Handler& handler)
    : stream_(std::move(socket)), options_(options), handler_(handler) {
  error_code ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  const auto end = stream_.socket().remote_endpoint(ignored);
  peer_ = end.address().to_string() + ":" + std::to_string(end.port());
}

asio::awaitable<void> PlainConnection::run() {
  bool more = true;
  while (more) more = co_await serve_one();
  close();
}

void PlainConnection::close() {
  error_code ignored;
  stream_.socket().shutdown(asio::socket_base::shutdown_both, ignored);
  stream_.close();
}

asio::awaitable<void> PlainConnection::say_continue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  co_await asio::async_write(stream_, asio::buffer(kContinue), kQuietly);
}

asio::awaitable<bool> PlainConnection::serve_one() {
  Parser parser;
  parser.header_limit(static_cast<std::uint32_t>(options_.header_limit));
  parser.body_limit(options_.body_limit);
  stream_.expires_after(options_.idle);
  auto [error, bytes] = co_await beast::http::async_read_header(stream_, buffer_, parser, kQuietly);
  if (error) co_return co_await refuse(error);
  if (wants_continue(parser)) co_await say_continue();
  if (!parser.is_done()) {
    stream_.expires_after(options_.idle);
    std::tie(error, bytes) = co_await beast::http::async_read(stream_, buffer_, parser, kQuietly);
    if (error) co_return co_await refuse(error);
  }
  stream_.expires_never();
  const PlainExchange::Terms terms{parser.get().keep_alive(), parser.get().version() < 11, options_.idle};
  PlainExchange exchange(stream_, to_request(parser.release(), peer_), terms);
  auto whole = co_await answer(exchange);
  co_return co_await exchange.finish(std::move(whole));
}

asio::awaitable<bool> PlainConnection::refuse(error_code why) {
  if (client_left(why)) co_return false;
  const auto response = refusal(why);
  const auto bytes = answer_head(response, Framing::length, false) + response.body;
  stream_.expires_after(options_.idle);
  const auto [error, sent] = co_await asio::async_write(stream_, asio::buffer(bytes), kQuietly);
  if (!error) co_await linger();
  co_return false;
}

// A close with unread bytes in the socket resets the connection, and the client may lose the answer that says
// why: read on for a moment (RFC 9112 section 9.6).
asio::awaitable<void> PlainConnection::linger() {
  error_code ignored;
  stream_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
  stream_.expires_after(std::chrono::seconds(2));
  std::array<char, 16384> waste;
  for (std::size_t total = 0; total < (64u << 20);) {
    const auto [error, got] = co_await stream_.async_read_some(asio::buffer(waste), kQuietly);
    if (error) break;
    total += got;
  }
}

// Completes when the client has left; a handler that waits for something else is then cancelled.
asio::awaitable<void> PlainConnection::watch_client() {
  const auto [error] = co_await stream_.socket().async_wait(asio::socket_base::wait_read, kQuietly);
  error_code unknown;
  if (error || stream_.socket().available(unknown) == 0) co_return;
  // The next request is here already: nothing more can be learned without reading it.
  asio::steady_timer never(stream_.get_executor(), asio::steady_timer::time_point::max());
  co_await never.async_wait(kQuietly);
}

namespace {

asio::awaitable<void> run_handler(const Handler& handler, PlainExchange& exchange, Response& response) {
  try {
    response = co_await handler(exchange);
    co_return;
  } catch (const boost::system::system_error& problem) {
    if (problem.code() == asio::error::operation_aborted) co_return;
    log::error("http_handler_failed").text("path", exchange.request().path).text("what", problem.what());
  } catch (const std::exception& problem) {
    log::error("http_handler_failed").text("path", exchange.request().path).text("what", problem.what());
  }
  if (exchange.started()) exchange.abort();
}

}  // namespace

asio::awaitable<Response> PlainConnection::answer(PlainExchange& exchange) {
  using boost::asio::experimental::awaitable_operators::operator||;
  auto response = error_answer(500, "server_error", "The server failed on this request; its log says why.");
  auto work = run_handler(handler_, exchange, response);
  auto watch = watch_client();
  const auto first = co_await (std::move(work) || std::move(watch));
  if (first.index() == 1) exchange.abort();
  co_return response;
}

}  // namespace troupe::http
