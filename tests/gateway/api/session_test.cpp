#include "gateway/api/session.hpp"

#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::api::testing {
namespace {

std::string get(const std::string& path, const std::string& headers = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

TEST_CASE("requests that came together are answered in order, on one connection") {
  Stage stage;
  auto client = stage.client();
  client.send(get("/livez") + get("/readyz") + get("/v1/nothing"));
  stage.run();
  const auto& text = client.read();
  CHECK(text.find("live") < text.find("ready"));
  CHECK(text.find("ready") < text.find("HTTP/1.1 404"));
  CHECK(has(text, "unknown_url"));
  CHECK_FALSE(client.over());
  client.send(get("/livez"));
  stage.run();
  CHECK(client.read().size() > text.find("unknown_url"));
}

TEST_CASE("a method that a path does not know is told which it knows") {
  Stage stage;
  auto client = stage.client();
  client.send(get("/v1/chat/completions"));
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 405"));
  CHECK(has(client.read(), "allow: POST"));
}

TEST_CASE("what is no HTTP is answered with 400 and an end") {
  Stage stage;
  auto client = stage.client();
  client.send("\x16\x03\x01 hello\r\n\r\n");
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 400"));
  CHECK(has(client.read(), "connection: close"));
  CHECK(client.over());
}

TEST_CASE("a body over the limit is refused before it is read") {
  auto config = stage_config();
  config->server.limits.body = 100;
  Stage stage(config);
  auto client = stage.client();
  client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n");
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 413"));
  CHECK(client.over());
}

TEST_CASE("a head that drips has its time as a whole") {
  Stage stage;
  auto client = stage.client();
  const auto patience = stage.config->server.limits.header_timeout;
  client.send("GET /livez HTTP/1.1\r\n");
  stage.run();
  stage.pass(patience / 2);
  client.send("Host: x\r\n");
  stage.run();
  CHECK(client.read().empty());
  stage.pass(patience / 2 + 1ms);
  CHECK(has(client.read(), "HTTP/1.1 408"));
  CHECK(client.over());
}

TEST_CASE("an idle connection is closed without a word, and counted out") {
  Stage stage;
  auto client = stage.client();
  CHECK(stage.worker->connections == 1);
  stage.pass(stage.config->server.limits.idle + 1s);
  CHECK(client.over());
  CHECK(client.seen.empty());
  CHECK(stage.worker->connections == 0);
  CHECK(stage.observer.connections == 0);
}

TEST_CASE("where tenants have keys, a missing and a wrong one are told apart, and both refused") {
  Stage stage(team_config());
  auto client = stage.client();
  client.send(get("/v1/models"));
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 401"));
  CHECK(has(client.read(), "You didn't provide an API key"));
  client.send(get("/v1/models", "Authorization: Bearer nonsense\r\n"));
  stage.run();
  CHECK(has(client.read(), "Incorrect API key provided"));
  CHECK_FALSE(has(client.read(), "nonsense"));
  client.send(get("/v1/models", "x-api-key: tk\r\n"));
  stage.run();
  CHECK(has(client.read(), "\"smart\""));
  REQUIRE(stage.observer.records.size() == 2);
  CHECK(stage.observer.records[0].fault == Fault::caller_unauthenticated);
}

TEST_CASE("a node that drains is not ready, and ends connections after their answer") {
  Stage stage;
  auto client = stage.client();
  stage.worker->draining = true;
  client.send(get("/readyz"));
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 503"));
  CHECK(has(client.read(), "connection: close"));
  CHECK(client.over());
}

TEST_CASE("a client that leaves inside its request leaves nothing behind") {
  Stage stage;
  auto client = stage.client();
  client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{");
  stage.run();
  client.close();
  stage.run();
  CHECK(stage.worker->connections == 0);
  CHECK(stage.desk.asked.empty());
}

}  // namespace
}  // namespace troupe::api::testing
