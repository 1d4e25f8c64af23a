#include "gateway/api/inside.hpp"

#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::api::testing {
namespace {

/// A line that is under way; `answer` once it has ended.
struct Line {
  std::optional<batch::LineAnswer> answer;
  explicit Line(Stage& stage, const std::string& tenant = {}, const std::string& key = {}) {
    batch::Work work;
    work.owner = {tenant, key};
    work.url = "/v1/chat/completions";
    work.body = R"({"model":"smart","messages":[{"role":"user","content":"hi"}]})";
    boost::asio::co_spawn(stage.io, run(*stage.worker, std::move(work), *this),
                          [](std::exception_ptr thrown) {
                            if (thrown) std::rethrow_exception(thrown);
                          });
    stage.run();
  }
  static boost::asio::awaitable<void> run(Worker& worker, batch::Work work, Line& line) {
    line.answer = co_await call_inside(worker, std::move(work));
  }
};

TEST_CASE("a line is an ordinary request of its tenant, without a credential") {
  Stage stage(team_config());
  stage.grant();
  auto upstream = stage.upstream();
  const Line line(stage, "team", "k");
  CHECK(has(upstream.read(), "POST /v1/chat/completions"));
  CHECK_FALSE(line.answer);
  upstream.send(completion());
  stage.run();
  REQUIRE(line.answer);
  CHECK(line.answer->status == 200);
  CHECK(has(line.answer->body, "Hello"));
  REQUIRE(stage.observer.records.size() == 1);
  CHECK(stage.observer.records[0].tenant == "team");
  CHECK(stage.observer.records[0].id == line.answer->request_id);
  CHECK(stage.worker->connections == 0);
}

TEST_CASE(
    "a line whose tenant or key has gone is refused, and so is one without a tenant where clients need "
    "keys") {
  Stage stage(team_config());
  for (const auto& [tenant, key] : {std::pair("another", "k"), std::pair("", ""), std::pair("team", "old")}) {
    const Line line(stage, tenant, key);
    REQUIRE(line.answer);
    CHECK(line.answer->status == 401);
  }
  CHECK(stage.desk.asked.empty());
}

TEST_CASE("a line of a key that has expired since is refused") {
  auto config = team_config();
  config->tenants[0].keys[0].expires = troupe::testing::ManualClock().wall() + 10s;
  Stage stage(config);
  stage.clock.advance(10s);
  const Line line(stage, "team", "k");
  REQUIRE(line.answer);
  CHECK(line.answer->status == 401);
  CHECK(stage.desk.asked.empty());
}

TEST_CASE("a refusal says when there may be room") {
  Stage stage;
  actors::Refused refused{Fault::troupe_no_capacity, stage.clock.now() + 2500ms, "full", {}, false};
  for (int i = 0; i < 20; ++i) stage.desk.answers.emplace_back(refused);
  const Line line(stage);
  for (int i = 0; i < 100 && !line.answer; ++i) stage.pass(100ms);
  REQUIRE(line.answer);
  CHECK(line.answer->status == 429);
  REQUIRE(line.answer->retry_after);
  CHECK(*line.answer->retry_after <= 2500ms);
}

TEST_CASE("a session that is cut off gives no answer, and nothing stays open") {
  Stage stage;
  stage.grant();
  auto upstream = stage.upstream();
  const Line line(stage);
  CHECK(stage.worker->connections == 2);
  stage.worker->close_all();
  stage.run();
  REQUIRE(line.answer);
  CHECK(line.answer->status == 0);
  CHECK(stage.worker->connections == 0);
}

}  // namespace
}  // namespace troupe::api::testing
