#include "app/cli/client.hpp"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/url/parse.hpp>

namespace troupe::cli {
namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

namespace {

constexpr auto kQuietly = asio::as_tuple(asio::use_awaitable);
using Outcome = tl::expected<Reply, std::string>;
using Parser = beast::http::response_parser<beast::http::string_body>;

template <class View>
std::string text_of(const View& view) {
  return std::string(view.data(), view.size());
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

beast::http::request<beast::http::string_body> message_of(const Call& call, const Url& url) {
  beast::http::request<beast::http::string_body> out;
  out.method_string(call.method);
  out.target(url.path + call.target);
  out.version(11);
  out.set(beast::http::field::host, url.authority());
  out.set(beast::http::field::connection, "close");
  out.set(beast::http::field::user_agent, "troupe-cli");
  for (const auto& [name, value] : call.headers) out.set(name, value);
  out.body() = call.body;
  if (call.method != "GET" || !call.body.empty()) out.prepare_payload();
  return out;
}

void read_head(const Parser& parser, Reply& reply) {
  reply.status = static_cast<int>(parser.get().result_int());
  for (const auto& field : parser.get())
    reply.headers.emplace_back(lower(text_of(field.name_string())), text_of(field.value()));
}

/// Hands out the whole lines at the front of `text`.
void take_lines(std::string& text, const OnLine& on_line) {
  std::size_t begin = 0;
  for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    const std::size_t carriage = end > begin && text[end - 1] == '\r' ? 1 : 0;
    on_line(std::string_view(text).substr(begin, end - begin - carriage));
    begin = end + 1;
  }
  text.erase(0, begin);
}

/// One exchange; the io_context lives as long as the call.
class Conversation {
 public:
  Conversation(const Call& call, Url url, const OnLine& on_line)
      : call_(call), url_(std::move(url)), on_line_(on_line), stream_(io_) {}

  Outcome run() {
    asio::co_spawn(io_, converse(), asio::detached);
    io_.run();
    return std::move(outcome_);
  }

 private:
  asio::awaitable<void> converse() {
    auto error = co_await connect();
    if (!error) error = co_await send();
    if (!error) error = co_await receive();
    if (error && !answered_) outcome_ = tl::unexpected(reason(error));
  }

  std::string reason(error_code error) const {
    return fmt::format("no answer from http://{}: {}", url_.authority(),
                       error == beast::error::timeout ? "timed out" : error.message());
  }

  asio::awaitable<error_code> connect() {
    asio::ip::tcp::resolver resolver(io_);
    const auto [unknown, ends] = co_await resolver.async_resolve(url_.host, url_.port, kQuietly);
    if (unknown) co_return unknown;
    stream_.expires_after(call_.timeout);
    const auto [error, end] = co_await stream_.async_connect(ends, kQuietly);
    co_return error;
  }

  asio::awaitable<error_code> send() {
    const auto message = message_of(call_, url_);
    stream_.expires_after(call_.timeout);
    const auto [error, sent] = co_await beast::http::async_write(stream_, message, kQuietly);
    co_return error;
  }

  asio::awaitable<error_code> receive() {
    beast::flat_buffer buffer;
    Parser parser;
    parser.body_limit(boost::none);
    stream_.expires_after(call_.timeout);
    auto [error, got] = co_await beast::http::async_read_header(stream_, buffer, parser, kQuietly);
    if (error) co_return error;
    answered_ = true;
    Reply reply;
    read_head(parser, reply);
    const bool lines = on_line_ && reply.header("content-type").starts_with("text/event-stream");
    while (!error && !parser.is_done()) {
      stream_.expires_after(call_.timeout);
      std::tie(error, got) = co_await beast::http::async_read_some(stream_, buffer, parser, kQuietly);
      if (lines) take_lines(parser.get().body(), on_line_);
    }
    reply.whole = !error;
    reply.body = std::move(parser.get().body());
    outcome_ = std::move(reply);
    co_return error;
  }

  const Call& call_;
  Url url_;
  const OnLine& on_line_;
  asio::io_context io_{1};
  beast::tcp_stream stream_;
  bool answered_ = false;
  Outcome outcome_ = tl::unexpected(std::string("no answer"));
};

}  // namespace

std::string Url::authority() const {
  const auto name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == "80" ? name : name + ":" + port;
}

tl::expected<Url, std::string> parse_url(std::string_view text) {
  const std::string whole = text.find("://") == text.npos ? "http://" + std::string(text) : std::string(text);
  const auto parsed = boost::urls::parse_uri(whole);
  if (!parsed || parsed->host().empty())
    return tl::unexpected(fmt::format("'{}' is no address: http://host:port is expected", text));
  if (parsed->scheme() != "http")
    return tl::unexpected(
        fmt::format("'{}': this client speaks plain http only; reach the port from its own host, "
                    "or through a tunnel",
                    text));
  Url url;
  url.host = parsed->host_address();
  url.port = parsed->has_port() && !parsed->port().empty() ? text_of(parsed->port()) : "80";
  url.path = text_of(parsed->encoded_path());
  while (!url.path.empty() && url.path.back() == '/') url.path.pop_back();
  return url;
}

std::string_view Reply::header(std::string_view lower_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_name) return value;
  return {};
}

tl::expected<Reply, std::string> call(const Call& call, const OnLine& on_line) {
  auto url = parse_url(call.url);
  if (!url) return tl::unexpected(url.error());
  return Conversation(call, std::move(*url), on_line).run();
}

}  // namespace troupe::cli
