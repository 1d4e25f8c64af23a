// A body that is taken piece by piece, by an endpoint that asked for it.
#include "gateway/api/session.hpp"

namespace troupe::api {

using boost::asio::awaitable;

void Session::expect_body() {
  if (head_.expect_continue && !parser_->is_done()) client_->send("HTTP/1.1 100 Continue\r\n\r\n");
}

awaitable<Session::Body> Session::more_body() {
  Time deadline = worker_.clock.now() + limits().body_timeout;
  for (;;) {
    if (parser_->is_done()) {
      keep_alive_ = parser_->keep_alive() && !worker_.draining;
      must_linger_ = false;
      co_return Body::end;
    }
    std::size_t used = 0;
    const auto state = parser_->feed(client_->data(), used);
    client_->consume(used);
    if (state == http::ParseState::failed) {
      refuse(parser_->status(), parser_->reason());
      co_return Body::broken;
    }
    if (!head_.body.empty() && !parser_->is_done()) co_return Body::some;
    if (used > 0) continue;
    if (!client_->open() || client_->ended()) co_return Body::broken;
    client_->want_read();
    wake_.at = deadline;
    co_await wake_.wait();
    if (client_->data().empty() && !client_->ended() && timed_out(deadline)) {
      refuse(408, "the request did not arrive in time");
      co_return Body::broken;
    }
  }
}

}  // namespace troupe::api
