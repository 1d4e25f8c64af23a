#include "gateway/api/attempt.hpp"
#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::api::testing {
namespace {

std::shared_ptr<config::Config> bedrock() {
  auto config = stage_config();
  auto& provider = config->providers.front();
  provider.type = config::ProviderType::bedrock;
  provider.region = "eu-west-1";
  provider.base_url = "http://127.0.0.1:1";
  return config;
}

/// A container's credentials, from a server that the test plays.
WorkerOptions container() {
  WorkerOptions options;
  options.environment.variable = [](const std::string& name) -> std::optional<std::string> {
    if (name == "AWS_CONTAINER_CREDENTIALS_FULL_URI") return "http://127.0.0.1:9/creds";
    return std::nullopt;
  };
  options.environment.file = [](const std::string&, std::size_t) { return std::nullopt; };
  return options;
}

std::string credentials(const std::string& id) {
  return answer(200, R"({"AccessKeyId":")" + id +
                         R"(","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"})");
}

const std::string kExpired =
    answer(403, R"({"__type":"ExpiredTokenException","message":"The security token is expired"})");
const std::string kReply =
    answer(200, R"({"output":{"message":{"role":"assistant","content":[{"text":"Hi."}]}},)"
                R"("stopReason":"end_turn","usage":{"inputTokens":2,"outputTokens":1,"totalTokens":3}})");

struct Call {
  Stage stage{bedrock(), container()};
  Wire metadata = stage.elsewhere("127.0.0.1", "9");
  Wire provider = stage.upstream();
  dialects::Request request =
      dialects::parse_request(dialects::Operation::chat,
                              R"({"model":"smart","messages":[{"role":"user","content":"hi"}]})")
          .value();
  config::Timeouts timeouts;
  http::Wakeup wake{stage.worker->dog};
  std::optional<Attempt> attempt;

  explicit Call(bool strict = false) {
    auto granted = stage.granted();
    if (strict) granted.send_by = stage.clock.now() + 1h;
    attempt.emplace(*stage.worker, wake, request, timeouts, stage.clock.now() + 60s, 1, granted);
    attempt->start();
    look();
  }
  ~Call() { attempt.reset(); }

  void look() {
    stage.run();
    attempt->poll(stage.clock.now());
    stage.run();
  }
  void says(Wire& who, const std::string& text) {
    who.send(text);
    look();
  }
};

TEST_CASE("a call waits for the credential that is being fetched, and is signed with it") {
  Call call;
  CHECK(call.provider.read().empty());
  CHECK(has(call.metadata.read(), "GET /creds HTTP/1.1"));
  CHECK_FALSE(call.attempt->failed());
  call.says(call.metadata, credentials("ID1"));
  CHECK(has(call.provider.read(), "Credential=ID1/"));
  call.says(call.provider, kReply);
  CHECK(call.attempt->complete());
}

TEST_CASE("a credential that nobody gives ends the call in time, before anything was sent") {
  Call call;
  call.stage.clock.advance(call.timeouts.connect * 2 + 1s);
  call.look();
  REQUIRE(call.attempt->failed());
  CHECK(call.attempt->verdict().fault == Fault::provider_timeout_connect);
  CHECK(call.provider.read().empty());
  CHECK_FALSE(call.stage.desk.settled.front().second.called);
}

TEST_CASE("a credential that ended early is renewed and the same call made once more") {
  Call call;
  call.says(call.metadata, credentials("ID1"));
  call.says(call.provider, kExpired);
  CHECK_FALSE(call.attempt->failed());
  call.says(call.metadata, credentials("ID2"));
  CHECK(has(call.provider.read(), "Credential=ID2/"));
  call.says(call.provider, kReply);
  CHECK(call.attempt->complete());
  CHECK(call.stage.desk.settled.size() == 1);
}

TEST_CASE("a second refusal in a row is the key's end") {
  Call call;
  call.says(call.metadata, credentials("ID1"));
  call.says(call.provider, kExpired);
  call.says(call.metadata, credentials("ID2"));
  call.says(call.provider, kExpired);
  REQUIRE(call.attempt->failed());
  CHECK(call.attempt->verdict().fault == Fault::provider_key_dead);
}

TEST_CASE("where permits are shared, a call that is repeated needs another permit") {
  Call call(true);
  call.says(call.metadata, credentials("ID1"));
  call.says(call.provider, kExpired);
  REQUIRE(call.attempt->failed());
  CHECK(call.attempt->verdict().fault == Fault::provider_server_error);
}

}  // namespace
}  // namespace troupe::api::testing
