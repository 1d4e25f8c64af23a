#include "gateway/api/attempt.hpp"

#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::api::testing {
namespace {

/// One call to the first endpoint, over a connection that the test holds the other end of.
struct Call {
  Stage stage;
  Wire provider = stage.upstream();
  dialects::Request request;
  config::Timeouts timeouts;
  http::Wakeup wake{stage.worker->dog};
  std::optional<Attempt> attempt;

  explicit Call(bool stream = false) {
    const std::string body = R"({"model":"smart","messages":[{"role":"user","content":"hi"}],"stream":)";
    request =
        dialects::parse_request(dialects::Operation::chat, body + (stream ? "true}" : "false}")).value();
    timeouts.first_token = 10s;
    timeouts.idle = 20s;
    const Time until = stage.clock.now() + 60s;
    attempt.emplace(*stage.worker, wake, request, timeouts, until, 1, stage.granted());
  }
  ~Call() { attempt.reset(); }

  void start() {
    attempt->start();
    look();
  }
  void look() {
    stage.run();
    attempt->poll(stage.clock.now());
  }
  void says(const std::string& text) {
    provider.send(text);
    look();
  }
  void pass(Duration span) {
    stage.clock.advance(span);
    look();
  }
  const actors::Settlement& settled() {
    REQUIRE(stage.desk.settled.size() == 1);
    return stage.desk.settled.front().second;
  }
};

TEST_CASE("a whole answer is settled with its usage and times, and its connection goes back to the pool") {
  Call call;
  call.start();
  CHECK(has(call.provider.read(), "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:1\r\n"));
  CHECK(has(call.provider.read(), R"("model":"gpt-4o")"));
  call.stage.clock.advance(1s);
  call.says(completion());
  REQUIRE(call.attempt->complete());
  CHECK(call.attempt->whole()->usage->input.count == 7);
  CHECK_FALSE(call.settled().fault);
  CHECK(call.settled().called);
  CHECK(call.settled().usage.output.count == 3);
  CHECK(call.settled().total == std::optional<Duration>(1s));
  CHECK(call.stage.worker->pool.counts().idle == 1);
}

TEST_CASE("an attempt that never started gives its permit back unused") {
  Call call;
  call.attempt.reset();
  CHECK_FALSE(call.settled().called);
}

TEST_CASE("an attempt that nobody waits for any more is settled as the caller's leaving, once") {
  Call call;
  call.start();
  call.attempt->abandon(Fault::caller_gone);
  call.attempt.reset();
  CHECK(call.settled().fault == Fault::caller_gone);
  CHECK(call.settled().called);
  CHECK(call.provider.over());
}

TEST_CASE("a refusal keeps the provider's pause, and the connection") {
  Call call;
  call.start();
  call.says(answer(429, R"({"error":{"message":"slow down","type":"requests"}})", "retry-after: 7\r\n"));
  REQUIRE(call.attempt->failed());
  CHECK(call.settled().fault == Fault::provider_rate_limited_requests);
  CHECK(call.settled().limits.retry_after == std::optional<Duration>(7s));
  CHECK(call.attempt->record(call.stage.clock.now()).status == 429);
  CHECK(call.stage.worker->pool.counts().idle == 1);
}

TEST_CASE("silence, a silent stream and a slow answer are three faults") {
  Call silent(true);
  silent.start();
  silent.pass(10s);
  CHECK(silent.settled().fault == Fault::provider_timeout_first_token);

  Call stalled(true);
  stalled.start();
  stalled.says(stream_head() + delta("Hel"));
  CHECK(stalled.attempt->committed());
  stalled.pass(19s);
  CHECK_FALSE(stalled.attempt->failed());
  stalled.pass(1s);
  CHECK(stalled.settled().fault == Fault::provider_timeout_idle);

  Call slow(true);
  slow.start();
  slow.says(stream_head() + delta("a"));
  for (int i = 0; i < 6; ++i) {
    slow.stage.clock.advance(10s);
    slow.says(delta("b"));
  }
  CHECK(slow.settled().fault == Fault::provider_timeout_total);
}

TEST_CASE("a stream is cut, garbled or complete, and settled by what was relayed") {
  Call cut(true);
  cut.start();
  cut.says(stream_head() + delta("Hello world"));
  cut.provider.close();
  cut.look();
  CHECK(cut.settled().fault == Fault::provider_stream_cut);
  CHECK(cut.settled().usage.estimated);
  CHECK(cut.settled().usage.output.count > 0);

  Call garbled(true);
  garbled.start();
  garbled.says("SMTP ready\r\n\r\n");
  CHECK(garbled.settled().fault == Fault::provider_stream_malformed);

  Call whole(true);
  whole.start();
  whole.says(stream_head() + delta("Hello"));
  whole.says(stream_end());
  REQUIRE(whole.attempt->complete());
  CHECK_FALSE(whole.settled().fault);
  CHECK(whole.settled().usage.input.count == 7);
  CHECK_FALSE(whole.settled().usage.estimated);
}

TEST_CASE("a stream is answered from the instant its head came") {
  Call call(true);
  call.start();
  CHECK(call.attempt->answered() == kNever);
  call.stage.clock.advance(2s);
  call.says(stream_head());
  CHECK(call.attempt->answered() == call.stage.clock.now());
  CHECK_FALSE(call.attempt->committed());
}

/// A call that needed permits of limits that nodes share: one second from its admission to the kernel.
struct SharedCall : Call {
  explicit SharedCall(std::string text = "hi") {
    const std::string body = R"({"model":"smart","messages":[{"role":"user","content":")" + text + R"("}]})";
    request = dialects::parse_request(dialects::Operation::chat, body).value();
    auto granted = stage.granted();
    granted.send_by = stage.clock.now() + 1s;
    attempt.emplace(*stage.worker, wake, request, timeouts, stage.clock.now() + 60s, 1, granted);
    stage.desk.settled.clear();  // of the attempt that this one replaces
  }
};

TEST_CASE("how long before its send_by a shared call was the kernel's is told once, and how long it took") {
  SharedCall call;
  call.stage.clock.advance(300ms);
  call.start();
  CHECK(call.stage.sent == std::vector<Duration>{700ms});
  CHECK(call.stage.ended.empty());
  call.pass(2s);
  call.says(completion());
  REQUIRE(call.attempt->complete());
  CHECK(call.stage.sent.size() == 1);
  CHECK(call.stage.ended == std::vector<Duration>{2s});
}

TEST_CASE("of a call without shared limits nobody is told") {
  Call call;
  call.start();
  call.says(completion());
  CHECK(call.stage.sent.empty());
  CHECK(call.stage.ended.empty());
}

TEST_CASE("a shared call that comes to its connection after send_by is not sent") {
  SharedCall call;
  call.stage.clock.advance(1001ms);
  call.start();
  CHECK(call.provider.read().empty());
  CHECK(call.settled().fault == Fault::provider_timeout_connect);
  CHECK_FALSE(call.settled().called);
  CHECK(call.stage.sent.empty());
  CHECK(call.stage.ended.empty());
}

TEST_CASE("a shared call that the provider does not take by send_by is cut, and counts as made") {
  SharedCall call(std::string(8 << 20, 'x'));
  call.start();
  CHECK_FALSE(call.attempt->failed());
  CHECK(call.attempt->deadline() == call.stage.clock.now() + 1001ms);
  call.pass(1001ms);
  CHECK(call.settled().fault == Fault::provider_timeout_connect);
  CHECK(call.settled().called);
  CHECK(call.provider.read().size() < (8 << 20));
  CHECK(call.provider.over());
  CHECK(call.stage.sent.empty());
  CHECK(call.stage.ended.size() == 1);
}

TEST_CASE(
    "a shared call on a connection that the provider had closed is not repeated: it may have been counted") {
  SharedCall call;
  call.attempt->start();
  call.provider.close();
  call.look();
  call.look();
  REQUIRE(call.attempt->failed());
  CHECK(call.settled().fault == Fault::provider_reset);
}

}  // namespace
}  // namespace troupe::api::testing
