#include "gateway/keeper/fetch.hpp"

#include <utility>

namespace troupe::keeper {
namespace {

/// An instance is asked three times in a row, everybody else once an hour.
constexpr std::size_t kIdleConnections = 2;

http::Origin origin_of(const cloud::Ask& ask, const Route& route) {
  http::Origin origin;
  origin.host = ask.url.host;
  origin.port = ask.url.port;
  origin.tls = ask.url.tls;
  origin.ca_file = route.ca_file;
  if (!ask.direct) http::choose_proxy(origin, route.proxy, route.environment);
  return origin;
}

std::string head_of(const cloud::Ask& ask) {
  std::string head = ask.method + " " + ask.url.target + " HTTP/1.1\r\nHost: " + ask.url.authority();
  head.append("\r\nUser-Agent: troupe\r\nAccept: */*\r\n");
  for (const auto& [name, value] : ask.headers) head.append(name).append(": ").append(value).append("\r\n");
  if (ask.method != "GET") head.append("Content-Length: " + std::to_string(ask.body.size()) + "\r\n");
  return head.append("\r\n");
}

}  // namespace

Fetch::Fetch(http::Pool& pool, const Clock& clock, Route route)
    : pool_(pool), clock_(clock), route_(std::move(route)) {}

Fetch::~Fetch() {
  if (dialling_) dialling_->listener = nullptr;
  if (!connection_) return;
  connection_->listener(nullptr);
  connection_->close();
}

void Fetch::start(cloud::Ask ask, Done done) {
  ask_ = std::move(ask);
  done_ = std::move(done);
  deadline_ = clock_.now() + ask_.timeout;
  bucket_ = &pool_.bucket(origin_of(ask_, route_), kIdleConnections);
  connection_ = pool_.take(*bucket_);
  if (connection_) return send();
  dialling_ = pool_.dial(*bucket_, ask_.timeout, this);
  if (dialling_->done) ready();
}

void Fetch::look(Time now) {
  if (busy() && deadline_ <= now) give_up(Fault::provider_timeout_total, "no answer in time");
}

void Fetch::ready() {
  if (dialling_ && dialling_->done) {
    const auto dialled = std::exchange(dialling_, nullptr);
    if (!dialled->connection) return give_up(dialled->error.fault, dialled->error.message);
    connection_ = dialled->connection;
    return send();
  }
  if (connection_) receive();
}

void Fetch::send() {
  parser_ = std::make_unique<http::ResponseParser>();
  connection_->listener(this);
  connection_->send(head_of(ask_), ask_.body);
  connection_->want_read();
}

void Fetch::receive() {
  while (!connection_->data().empty()) {
    std::size_t used = 0;
    const auto state = parser_->feed(connection_->data(), used);
    connection_->consume(used);
    if (state == http::ParseState::failed || parser_->body().size() > cloud::kLargestReply)
      return give_up(Fault::provider_stream_malformed, "the answer is no HTTP, or too long");
    if (state == http::ParseState::done && parser_->head().status / 100 == 1) {
      parser_ = std::make_unique<http::ResponseParser>();
      continue;
    }
    if (state == http::ParseState::done) return answer();
    if (used == 0) break;
  }
  if (connection_->ended() || connection_->send_failed()) return ended();
  connection_->want_read();
}

void Fetch::ended() {
  if (parser_->feed_end() == http::ParseState::done) return answer();
  give_up(Fault::provider_reset, "the connection was closed before the answer was whole");
}

void Fetch::answer() {
  cloud::Reply reply{parser_->head().status, std::move(parser_->body())};
  finish(std::move(reply), parser_->reusable() && connection_->open());
}

void Fetch::give_up(Fault fault, const std::string& why) {
  finish(fail(fault, why), false);
}

void Fetch::finish(Result<cloud::Reply> result, bool reuse) {
  if (dialling_) dialling_->listener = nullptr;
  dialling_.reset();
  parser_.reset();
  if (auto connection = std::exchange(connection_, nullptr)) {
    connection->listener(nullptr);
    if (reuse) {
      pool_.give(*bucket_, std::move(connection));
    } else {
      connection->close();
    }
  }
  ask_ = {};  // it holds secrets
  const auto done = std::exchange(done_, nullptr);
  done(std::move(result));
}

}  // namespace troupe::keeper
