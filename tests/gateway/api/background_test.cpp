#include "gateway/api/background.hpp"

#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::api::testing {
namespace {

/// A streaming call that is driven by nobody but the test's stage.
struct Driven {
  Stage stage;
  Wire provider = stage.upstream();
  dialects::Request request =
      dialects::parse_request(
          dialects::Operation::chat,
          R"({"model":"smart","messages":[{"role":"user","content":"hi"}],"stream":true})")
          .value();
  config::Timeouts timeouts;
  http::Wakeup wake{stage.worker->dog};
  std::optional<Attempt> attempt;
  bool stop = false;
  std::optional<bool> ended;

  Driven() {
    attempt.emplace(*stage.worker, wake, request, timeouts, stage.clock.now() + 60s, 1, stage.granted());
    attempt->start();
    boost::asio::co_spawn(stage.io, drive_it(), [](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
    stage.run();
  }
  ~Driven() { attempt.reset(); }
  boost::asio::awaitable<void> drive_it() { ended = co_await drive(*attempt, wake, stage.clock, &stop); }
  void says(const std::string& text) {
    provider.send(text);
    stage.run();
  }
};

TEST_CASE("a call in the background runs to its end, and what it streams is kept for nobody") {
  Driven call;
  call.says(stream_head() + delta("Hello"));
  CHECK_FALSE(call.ended);
  CHECK(call.attempt->committed());
  CHECK(call.attempt->frames().empty());
  call.stage.clock.advance(2s);
  call.says(stream_end());
  CHECK(call.ended == true);
  CHECK(call.attempt->complete());
  admin::RequestRecord record;
  note(*call.attempt, call.stage.clock.now(), record);
  CHECK(record.status == 200);
  CHECK_FALSE(record.fault);
  CHECK(record.provider == "one");
  CHECK(record.key == "key-one");
  CHECK(record.upstream_model == "gpt-4o");
  CHECK(record.usage.input.count == 7);
  CHECK(record.first_token == Duration(0s));
  CHECK(record.total == 2s);
  CHECK(record.attempts.size() == 1);
}

TEST_CASE("a call in the background that fails has ended too") {
  Driven call;
  call.says(answer(500, R"({"error":{"message":"oops"}})"));
  CHECK(call.ended == true);
  admin::RequestRecord record;
  note(*call.attempt, call.stage.clock.now(), record);
  CHECK(record.status == 500);
  CHECK(record.fault == Fault::provider_server_error);
}

TEST_CASE("a call in the background is given up at the first wake after it was told to stop") {
  Driven call;
  call.stop = true;
  call.stage.run();
  CHECK_FALSE(call.ended);
  call.stage.pass(1s);
  CHECK(call.ended == false);
  REQUIRE(call.stage.desk.settled.size() == 1);
  CHECK(call.stage.desk.settled.front().second.fault == Fault::troupe_draining);
}

TEST_CASE("what is under way is counted until it is over") {
  std::size_t under_way = 1;
  {
    const Counted one(under_way);
    CHECK(under_way == 2);
  }
  CHECK(under_way == 1);
}

}  // namespace
}  // namespace troupe::api::testing
