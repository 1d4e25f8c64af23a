// The caller's side of a chat completion: heads, frames, errors.
#include <charconv>

#include "gateway/api/answer.hpp"
#include "gateway/api/chat.hpp"
#include "gateway/api/errors.hpp"

namespace troupe::api {

using boost::asio::awaitable;

namespace {
constexpr Duration kLasting = std::chrono::seconds(1);
}

std::string ChatCall::route_name(const Attempt& attempt) const {
  if (hedged_ && running_.size() > 1 && &attempt == running_.back().get()) return "hedge";
  const auto fallback = attempt.granted().fallback;
  return fallback == 0 ? "primary" : "fallback:" + std::to_string(fallback);
}

/// Status line and headers up to, but without, the body's framing.
std::string ChatCall::head(const Attempt& attempt, std::string_view content_type) {
  const Time now = worker_.clock.now();
  const auto& endpoint = *attempt.granted().endpoint;
  const auto overhead = now - caller_.arrived - record_.queued - upstream_ - (now - attempt.started());
  std::string out;
  out.reserve(!passed_.empty() ? 960 : 640);
  append_status(out, 200, worker_.date());
  append_header(out, "content-type", content_type);
  const auto route = route_name(attempt);
  std::optional<Money> cost;
  if (attempt.complete()) cost = attempt.cost();
  append_route(out, {caller_.request_id, worker_.node, endpoint.key->provider->name, endpoint.model,
                     endpoint.key->key.name, route, record_.attempts.size() + running_.size(),
                     std::max(Duration::zero(), overhead), cost});
  if (dialects::dialect_of(operation_) == dialects::Dialect::anthropic)
    append_header(out, "request-id", caller_.request_id);
  append_own(out);
  out.append(session_.connection_header());
  return out;
}

/// The rule that chose the alias, and what is left of the caller's own limits.
void ChatCall::append_own(std::string& out) const {
  if (rule_ > 0) append_header(out, "x-troupe-rule", std::to_string(rule_));
  const bool anthropic = dialects::dialect_of(operation_) == dialects::Dialect::anthropic;
  const auto append = [&](std::string_view what, const actors::Admission::Window& window) {
    if (window.limit <= 0) return;
    if (anthropic)
      append_anthropic_limit(out, what, window.limit, window.remaining, worker_.clock.wall() + window.reset);
    append_rate_limit(out, what, window.limit, window.remaining, window.reset);
  };
  append("requests", left_requests_);
  append("tokens", left_tokens_);
}

void ChatCall::note_answer(const Attempt& attempt) {
  const auto& endpoint = *attempt.granted().endpoint;
  record_.status = 200;
  record_.route = route_name(attempt);
  record_.provider = endpoint.key->provider->name;
  record_.key = endpoint.key->key.name;
  record_.upstream_model = endpoint.model;
  record_.fault.reset();
}

awaitable<void> ChatCall::deliver(Attempt& attempt) {
  note_answer(attempt);
  if (attempt.whole()) {
    deliver_whole(attempt);
  } else {
    co_await deliver_stream(attempt);
  }
  record_.usage = attempt.usage();
  record_.cost = attempt.cost();
  remember(attempt);
}

void ChatCall::deliver_whole(Attempt& attempt) {
  const auto& body = attempt.whole()->body;
  auto out = head(attempt, "application/json");
  append_length(out, body.size());
  out.append("\r\n");
  session_.client().send(out, body);
  if (cache_) cache_->record(body);
  record_.first_token = worker_.clock.now() - caller_.arrived;
  record_.bytes_out = body.size();
}

/// One chunk (RFC 9112 section 7.1) with all frames at hand; `head` goes before the first.
void ChatCall::send_frames(Attempt& attempt, std::string& head) {
  auto& frames = attempt.frames();
  if (frames.empty()) return;
  std::string_view tail;
  if (chunked_) {
    char size[20];
    head.append(size, std::to_chars(size, size + sizeof size, frames.size(), 16).ptr).append("\r\n");
    tail = "\r\n";
  }
  session_.client().send(head, frames, tail);
  if (cache_) cache_->record(frames);
  record_.bytes_out += frames.size();
  frames.clear();
  head.clear();
}

awaitable<void> ChatCall::deliver_stream(Attempt& attempt) {
  if (!chunked_) session_.close_after();
  auto out = head(attempt, "text/event-stream; charset=utf-8");
  out.append("cache-control: no-cache\r\n").append(chunked_ ? "transfer-encoding: chunked\r\n\r\n" : "\r\n");
  worker_.observer.stream_opened();
  record_.first_token = worker_.clock.now() - caller_.arrived;
  for (;;) {
    send_frames(attempt, out);
    if (attempt.complete() || attempt.failed()) break;
    if (session_.client().flushed()) {
      session_.wake().at = attempt.deadline();
      co_await session_.wake().wait();
    } else {
      const bool taken = co_await session_.flush();  // a slow client: the provider is not read meanwhile
      if (!taken) break;
      // What the provider sent while we waited has already been told: look, do not wait for more.
      attempt.touch(worker_.clock.now());
    }
    if (gone()) break;
    const Time now = worker_.clock.now();
    attempt.poll(now);
    tell_begun(attempt, now);
  }
  end_stream(attempt);
  worker_.observer.stream_closed();
}

/// A stream that lasts: its request lets go of its place in the key's and the tenant's minute, and cools.
/// Short ones say so when they settle.
void ChatCall::tell_begun(const Attempt& attempt, Time now) {
  if (told_begun_ || attempt.complete() || attempt.failed() || now < attempt.answered() + kLasting) return;
  told_begun_ = true;
  worker_.desk.begun(attempt.granted(), attempt.answered());
  begun_admission();
}

void ChatCall::end_stream(Attempt& attempt) {
  if (attempt.complete()) {
    if (chunked_) session_.client().send("0\r\n\r\n");
    return;
  }
  session_.close_after();
  if (!attempt.failed()) {
    attempt.abandon(Fault::caller_gone);
    return note_gone();
  }
  // The dialect's error event, then an end without the last chunk: nobody can take it for a whole answer.
  record_.fault = attempt.verdict().fault;
  attempt.frames().clear();
  attempt.tell_failure(report(attempt.verdict().fault, attempt.verdict()));
  std::string nothing;
  send_frames(attempt, nothing);
}

dialects::ErrorReport ChatCall::report(Fault fault, const providers::Verdict& verdict) const {
  dialects::ErrorReport report;
  report.fault = fault;
  report.message = verdict.message;
  report.type = verdict.type;
  report.code = verdict.code;
  report.param = verdict.param;
  report.request_id = caller_.request_id;
  report.node = worker_.node;
  const Time now = worker_.clock.now();
  const auto add = [&](const admin::AttemptRecord& a) {
    report.attempts.push_back({a.provider, a.key, a.status, a.fault,
                               std::chrono::duration_cast<std::chrono::milliseconds>(a.took).count()});
  };
  for (const auto& attempt : record_.attempts) add(attempt);
  for (const auto& attempt : running_) add(attempt->record(now));
  return report;
}

/// An error before anything was sent: the provider's own status where it gave one, else the fault's.
void ChatCall::fail_request(Fault fault, int status, const providers::Verdict& verdict,
                            std::optional<Duration> retry_after) {
  const auto& t = traits(fault);
  const int code = status >= 400 ? status : t.status;
  const auto body = error_body(operation_, report(fault, verdict));
  std::string headers;
  append_route(
      headers,
      {caller_.request_id, worker_.node, {}, {}, {}, {}, record_.attempts.size(), Duration::zero(), {}});
  if (dialects::dialect_of(operation_) == dialects::Dialect::anthropic)
    append_header(headers, "request-id", caller_.request_id);
  append_own(headers);
  const bool wait = code == 429 || code == 503;
  if (wait) append_retry_after(headers, retry_after.value_or(std::chrono::seconds(1)));
  // Our own attempts are used up: the caller's SDK need not repeat them (it would by default, twice).
  if (!record_.attempts.empty() && !wait) append_header(headers, "x-should-retry", "false");
  session_.reply(code, "application/json", headers, body);
  record_.fault = fault;
  record_.status = code;
  record_.bytes_out = body.size();
  over_ = true;
}

}  // namespace troupe::api
