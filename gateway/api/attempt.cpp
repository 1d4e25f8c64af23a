#include "gateway/api/attempt.hpp"

#include <charconv>

namespace troupe::api {
namespace {

constexpr std::size_t kLargestWhole = 64 << 20;
constexpr std::size_t kLargestError = 1 << 20;
constexpr Duration kTooLate = std::chrono::milliseconds(1);  // after send_by

}  // namespace

Attempt::Attempt(Worker& worker, http::Wakeup& wake, const dialects::Request& request,
                 const config::Timeouts& timeouts, Time total_deadline, int tries_left,
                 actors::Granted granted)
    : worker_(worker),
      wake_(wake),
      request_(request),
      timeouts_(timeouts),
      total_deadline_(total_deadline),
      tries_left_(std::max(1, tries_left)),
      granted_(std::move(granted)),
      adapter_(providers::adapter(granted_.endpoint->key->provider->type, granted_.endpoint->model)) {}

Attempt::~Attempt() {
  if (!settled_) abandon(Fault::caller_gone);
}

void Attempt::start() {
  const Time now = worker_.clock.now();
  started_ = last_byte_ = now;
  const Duration share = request_.stream ? Duration::zero() : (total_deadline_ - now) / tries_left_;
  first_deadline_ = now + std::max(timeouts_.first_token, share);
  const auto& key = *granted_.endpoint->key;
  auto call = adapter_.call(request_, granted_.endpoint->model, *key.provider, key.key);
  if (!call)
    return fail({call.error().fault,
                 call.error().message,
                 "invalid_request_error",
                 call.error().code,
                 call.error().param,
                 {}});
  call_ = std::move(*call);
  if (config::finds_credentials(key.provider->type)) keeper_ = worker_.keepers.of(key.provider, key.key);
  bucket_ = worker_.upstream(key).bucket;
  connect(false);
  set_deadline();
}

void Attempt::connect(bool fresh) {
  if (!fresh) connection_ = worker_.pool.take(*bucket_);
  reused_ = connection_ != nullptr;
  if (connection_) return send_call();
  state_ = State::connecting;
  dialling_ = worker_.pool.dial(*bucket_, timeouts_.connect, &wake_);
  if (dialling_->done) wake_.ready();
}

/// Puts the proof of who we are on a call that is otherwise complete. False: not yet (told when to ask
/// again), or never.
bool Attempt::authorize() {
  if (!keeper_) return true;
  const auto& authority = worker_.upstream(*granted_.endpoint->key).authority;
  auto answer = keeper_->authorize({"POST", authority, call_.target, call_.body});
  if (auto* authorized = std::get_if<keeper::Authorized>(&answer)) {
    authorized_ = std::move(*authorized);
    return true;
  }
  if (const auto* error = std::get_if<Error>(&answer)) {
    fail(error->fault, error->message);
    return false;
  }
  state_ = State::authorizing;
  if (!waiter_) waiter_.emplace(wake_);
  keeper_->wait(*waiter_);
  return false;
}

/// A credential that ended early is renewed, and the call made once more. Where permits are shared and kept
/// strictly it may have been counted, so that it needs another permit: the session sees to that.
void Attempt::refused(providers::Verdict verdict) {
  const bool worth = verdict.fault == Fault::provider_key_dead && keeper_ && !renewed_;
  if (!worth || !keeper_->rejected(authorized_.version)) return fail(std::move(verdict));
  if (granted_.send_by != kNever)
    return fail(Fault::provider_server_error, "the provider refused a credential that is being renewed");
  renewed_ = true;
  release_connection();
  head_seen_ = any_byte_ = false;
  head_ = {};
  body_.clear();
  connect(false);
}

void Attempt::send_call() {
  if (!authorize()) return;
  if (worker_.clock.now() > granted_.send_by)
    return fail(Fault::provider_timeout_connect, "connected too late for its permit");
  state_ = State::receiving;
  connection_->listener(&wake_);
  received_ = connection_->received;
  parser_ = std::make_unique<http::ResponseParser>();
  char length[32] = "Content-Length: ";
  char* end = std::to_chars(length + 16, length + 30, call_.body.size()).ptr;
  const std::string_view tail(length, static_cast<std::size_t>(end - length));
  std::string head;
  head.reserve(128 + call_.target.size() + call_.headers.size() + authorized_.lines.size());
  head.append("POST ")
      .append(call_.target)
      .append(" HTTP/1.1\r\nHost: ")
      .append(worker_.upstream(*granted_.endpoint->key).authority);
  head.append("\r\n");
  head.append(call_.headers).append(authorized_.lines).append(tail).append("\r\n\r\n");
  connection_->send(head, call_.body);
  sent_ = true;
  connection_->want_read();
  look_whether_sent(worker_.clock.now());
}

/// What the provider has not got whole by send_by it must not get: it would count it in a later window.
void Attempt::look_whether_sent(Time now) {
  if (handed_ || granted_.send_by == kNever || state_ != State::receiving) return;
  if (connection_->flushed()) {
    handed_ = true;
    if (worker_.watch.sent) worker_.watch.sent(granted_.send_by - now);
  } else if (now > granted_.send_by) {
    fail(Fault::provider_timeout_connect, "the provider did not take the call in time for its permit");
  }
}

void Attempt::poll(Time now) {
  if (state_ == State::connecting && dialling_->done) {
    auto dialled = std::move(dialling_);
    if (!dialled->connection) return fail(dialled->error.fault, dialled->error.message);
    connection_ = dialled->connection;
    last_byte_ = now;
    send_call();
  }
  if (state_ == State::authorizing) send_call();
  look_whether_sent(now);
  if (state_ == State::receiving) receive(now);
  set_deadline();
  if (deadline_ <= now) {
    expire(now);
    set_deadline();
  }
}

void Attempt::touch(Time now) {
  last_byte_ = now;
  set_deadline();
}

void Attempt::receive(Time now) {
  // The parser may leave bytes behind until more come: only new ones are news.
  if (connection_->received != received_) last_byte_ = now;
  received_ = connection_->received;
  while (state_ == State::receiving && !connection_->data().empty()) {
    any_byte_ = true;
    std::size_t used = 0;
    auto parsed = parser_->feed(connection_->data(), used);
    connection_->consume(used);
    // The parser may leave the line end of a chunk lying until the next chunk comes: old bytes are no news.
    if (used > 0) last_byte_ = now;
    if (parsed == http::ParseState::failed) return lost();
    if (parsed == http::ParseState::done && parser_->head().status / 100 == 1) {
      parser_ = std::make_unique<http::ResponseParser>();  // 100, 103: the answer proper follows
      continue;
    }
    if (!head_seen_ && parser_->head_done()) on_head(now);
    if (head_seen_) on_body(now, parsed == http::ParseState::done);
    if (used == 0) break;
  }
  if (state_ != State::receiving) return;
  if (connection_->ended() || connection_->send_failed()) return on_end(now);
  connection_->want_read();
}

void Attempt::on_head(Time now) {
  head_seen_ = true;
  answered_ = now;
  head_.status = parser_->head().status;
  head_.headers = std::move(parser_->head().headers);
  if (head_.status / 100 == 2 && request_.stream && adapter_.streams(head_))
    reader_ = adapter_.stream(request_, *granted_.endpoint->key->provider);
}

void Attempt::on_body(Time now, bool done) {
  if (streaming()) return on_stream(now, done);
  body_.append(parser_->body());
  parser_->body().clear();
  const bool good = head_.status / 100 == 2;
  if (body_.size() > (good ? kLargestWhole : kLargestError)) {
    if (good) return fail(Fault::provider_stream_malformed, "the provider's answer is larger than 64 MiB");
    done = true;
  }
  if (!done) return;
  if (!good) return refused(adapter_.failure(head_, body_));
  if (request_.stream) {
    auto verdict = adapter_.failure(head_, body_);
    if (verdict.message.empty()) verdict.message = "the provider answered a stream request without a stream";
    return fail(std::move(verdict));
  }
  auto whole = adapter_.whole(request_, *granted_.endpoint->key->provider, head_, std::move(body_));
  if (!whole)
    return fail(
        {whole.error().fault, whole.error().message, {}, whole.error().code, whole.error().param, {}});
  whole_ = std::move(*whole);
  first_token_ = now - started_;
  finish(now);
}

void Attempt::on_stream(Time now, bool done) {
  const bool started = reader_->content_started;
  reader_->feed(parser_->body(), frames_);
  parser_->body().clear();
  if (done && !reader_->ended && !reader_->failure) reader_->close(frames_);
  if (!started && reader_->content_started) first_token_ = now - started_;
  if (reader_->failure) return fail(*reader_->failure);
  if (reader_->ended) finish(now);
}

/// The connection ended while we were waiting for more.
void Attempt::on_end(Time now) {
  if (parser_->head_done() && parser_->feed_end() == http::ParseState::done) {
    if (!head_seen_) on_head(now);
    return on_body(now, true);
  }
  lost();
}

void Attempt::lost() {
  if (reused_ && !any_byte_ && granted_.send_by == kNever) {
    // An idle connection that the provider closed as we sent: nobody saw the call, so it is not an attempt.
    // Most likely: where limits are shared and kept strictly, a call that may have been counted needs a
    // permit of its own.
    connection_->close();
    connection_.reset();
    return connect(true);
  }
  if (head_seen_)
    return fail(Fault::provider_stream_cut, "the provider closed the connection inside its answer");
  if (any_byte_) return fail(Fault::provider_stream_malformed, "the provider's answer is not valid HTTP");
  fail(Fault::provider_reset, "the provider closed the connection without an answer");
}

void Attempt::expire(Time now) {
  if (total_deadline_ <= now)
    return fail(Fault::provider_timeout_total, "the total time for this request is over");
  if (state_ == State::connecting)
    return fail(Fault::provider_timeout_connect, "no connection to the provider in time");
  if (state_ == State::authorizing)
    return fail(Fault::provider_timeout_connect, "no credential for the provider in time");
  if (!committed()) return fail(Fault::provider_timeout_first_token, "the provider sent no content in time");
  fail(Fault::provider_timeout_idle, "the provider's stream stood still");
}

void Attempt::set_deadline() {
  deadline_ = total_deadline_;
  if (state_ == State::over) {
    deadline_ = kNever;
  } else if (state_ == State::connecting || state_ == State::authorizing) {
    deadline_ = std::min(deadline_, started_ + timeouts_.connect +
                                        timeouts_.connect);  // the dial has its own; this is the backstop
  } else if (!committed()) {
    deadline_ = std::min(deadline_, first_deadline_);
    if (!handed_ && granted_.send_by != kNever) deadline_ = std::min(deadline_, granted_.send_by + kTooLate);
  } else if (streaming()) {
    deadline_ = std::min(deadline_, last_byte_ + timeouts_.idle);
  }
}

void Attempt::fail(Fault fault, std::string message) {
  fail(providers::Verdict{fault, std::move(message), {}, {}, {}, {}});
}

void Attempt::fail(providers::Verdict verdict) {
  verdict_ = std::move(verdict);
  ended_ = worker_.clock.now();
  // A complete error answer leaves a usable connection.
  if (connection_ && parser_ && parser_->is_done() && !streaming()) {
    release_connection();
  } else if (connection_) {
    connection_->close();
  }
  if (dialling_) dialling_->listener = nullptr;
  state_ = State::over;
  settle(verdict_->fault);
}

void Attempt::finish(Time now) {
  complete_ = true;
  ended_ = now;
  release_connection();
  state_ = State::over;
  settle(std::nullopt);
}

void Attempt::abandon(Fault fault) {
  if (settled_) return;
  ended_ = worker_.clock.now();
  if (dialling_) dialling_->listener = nullptr;
  if (connection_) connection_->close();
  state_ = State::over;
  settle(fault);
}

void Attempt::release_connection() {
  auto connection = std::move(connection_);
  connection_.reset();
  connection->listener(nullptr);
  if (!parser_->is_done())
    return worker_.finish_in_background(*bucket_, std::move(connection), std::move(parser_));
  if (parser_->reusable()) return worker_.pool.give(*bucket_, std::move(connection));
  connection->close();
}

}  // namespace troupe::api
