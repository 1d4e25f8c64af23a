#include "gateway/api/files.hpp"

#include "gateway/batch/front.hpp"
#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::api::testing {
namespace {

/// Answers at once, and remembers what it was asked.
struct Disk final : batch::Service {
  std::vector<batch::Question> asked;
  std::string written;
  std::vector<batch::Upload> committed;
  int abandoned = 0;
  bool silent = false;
  std::size_t most = 1 << 20;
  batch::Answer answer{200, R"({"id":"x","bytes":7})"};
  batch::Figures counted;

  void ask(batch::Question question, Answered done) override {
    asked.push_back(question);
    if (silent) return;
    if (question.what != batch::What::read_file) return done(answer);
    done({200, std::string("content").substr(std::min<std::size_t>(7, question.offset), 3)});
  }
  void begin_upload(std::function<void(Result<std::string>)> done) override { done(std::string("file-1")); }
  void append(std::string, std::string bytes, std::function<void(Result<void>)> done) override {
    written += bytes;
    if (written.size() > most)
      return done(fail(Fault::caller_too_large, "too large", "file", "file_too_large"));
    done({});
  }
  void commit(std::string id, batch::Upload about, std::function<void(Result<batch::File>)> done) override {
    committed.push_back(about);
    done(batch::File{id, about.filename, about.purpose, about.owner,
                     static_cast<std::int64_t>(written.size()), 1, 2});
  }
  void abandon(std::string) override { ++abandoned; }
  void configure(const config::Batches&) override {}
  void set_draining(bool) override {}
  void stop() override {}
  void view(std::function<void(batch::Json)>) override {}
  const batch::Figures& figures() const override { return counted; }
};

struct Scene {
  Disk disk;
  batch::Front front{{"node-t", &disk}};
  Stage stage;
  Scene() { stage.worker->files = &front; }
};

std::string form(const std::string& content, const std::string& purpose = "batch") {
  return "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n" + purpose +
         "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n\r\n" + content +
         "\r\n--b--\r\n";
}

std::string upload_head(std::size_t length, const std::string& more = {}) {
  return "POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n" + more +
         "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}

std::string get(const std::string& path, const std::string& method = "GET") {
  return method + " " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

TEST_CASE("an upload goes to the disk as it comes, and the connection is used again") {
  Scene scene;
  auto client = scene.stage.client();
  const std::string content = "0123456789" + std::string(200, 'x');
  const auto body = form(content);
  client.send(upload_head(body.size()));
  scene.stage.run();
  client.send(body.substr(0, body.size() - 20));
  scene.stage.run();
  CHECK(has(scene.disk.written, "01234"));
  CHECK(client.read().empty());
  client.send(body.substr(body.size() - 20));
  scene.stage.run();
  CHECK(scene.disk.written == content);
  REQUIRE(scene.disk.committed.size() == 1);
  CHECK(scene.disk.committed[0].filename == "in.jsonl");
  CHECK(has(client.read(), "HTTP/1.1 200"));
  CHECK(has(client.read(), R"("purpose":"batch")"));
  CHECK_FALSE(client.over());
  client.send(get("/livez"));
  scene.stage.run();
  CHECK(has(client.read(), "live"));
}

TEST_CASE("an upload that comes at once is taken too, and may be larger than other bodies") {
  auto config = stage_config();
  config->server.limits.body = 100;
  Disk disk;
  const batch::Front front{{"node-t", &disk}};
  Stage stage(config);
  stage.worker->files = &front;
  auto client = stage.client();
  const auto body = form(std::string(5000, 'x'));
  client.send(upload_head(body.size()) + body);
  stage.run();
  CHECK(has(client.read(), "HTTP/1.1 200"));
  CHECK(disk.written.size() == 5000);
}

TEST_CASE("whoever asks first is told to send the body") {
  Scene scene;
  auto client = scene.stage.client();
  const auto body = form("x");
  client.send(upload_head(body.size(), "Expect: 100-continue\r\n"));
  scene.stage.run();
  CHECK(client.read() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send(body);
  scene.stage.run();
  CHECK(has(client.read(), "HTTP/1.1 200"));
}

TEST_CASE("an upload that is refused ends the connection, and its file is abandoned") {
  Scene scene;
  scene.disk.most = 5;
  auto client = scene.stage.client();
  client.send(upload_head(1'000'000) + form("0123456789").substr(0, 150));
  scene.stage.run();
  CHECK(has(client.read(), "HTTP/1.1 413"));
  CHECK(has(client.read(), "file_too_large"));
  CHECK(has(client.read(), "connection: close"));
  CHECK(scene.disk.abandoned == 1);
}

TEST_CASE("an upload that breaks off, or takes too long, is abandoned") {
  for (const bool late : {false, true}) {
    Scene scene;
    auto client = scene.stage.client();
    client.send(upload_head(1000) + "--b\r\nContent-Dis");
    scene.stage.run();
    CHECK(scene.disk.abandoned == 0);
    if (late)
      scene.stage.pass(scene.stage.config->server.limits.body_timeout + 1s);
    else
      client.close();
    scene.stage.run();
    CHECK(scene.disk.abandoned == 1);
    if (late) CHECK(has(client.read(), "HTTP/1.1 408"));
  }
}

TEST_CASE("a disk that does not answer holds up nobody who ends") {
  Scene scene;
  scene.disk.silent = true;
  auto client = scene.stage.client();
  client.send(get("/v1/batches/x"));
  scene.stage.run();
  CHECK(scene.stage.worker->requests == 1);
  scene.stage.worker->close_all();
  scene.stage.run();
  CHECK(scene.stage.worker->requests == 0);
  CHECK(scene.stage.worker->connections == 0);
}

TEST_CASE("forms that are none are refused with words") {
  const auto told = [](const std::string& head, const std::string& body) {
    Scene scene;
    auto client = scene.stage.client();
    client.send(head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    scene.stage.run();
    CHECK(scene.disk.committed.empty());
    return client.read();
  };
  const std::string json = "POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
  const std::string multipart =
      "POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n";
  CHECK(has(told(json, "{}"), "invalid_form"));
  CHECK(has(told(multipart, "--b\r\nno head\r\n\r\n"), "invalid_form"));
  CHECK(has(told(multipart, "--b--"), "no part named file"));
  CHECK(has(told(multipart, form("x").substr(0, 100)), "before its last boundary"));
  CHECK(has(told(multipart, form("x", "fine-tune")), "invalid_purpose"));
}

TEST_CASE("the content of a file is sent part by part") {
  Scene scene;
  auto client = scene.stage.client();
  client.send(get("/v1/files/file-1/content"));
  scene.stage.run();
  CHECK(has(client.read(), "content-length: 7"));
  CHECK(has(client.read(), "\r\n\r\ncontent"));
  CHECK_FALSE(client.over());
}

TEST_CASE("what the keeper refuses is an error in OpenAI's shape with its own status") {
  Scene scene;
  for (const auto& [status, code] : {std::pair(404, "not_found"), std::pair(409, "invalid_status"),
                                     std::pair(503, "node_unreachable"), std::pair(400, "file_in_use")}) {
    scene.disk.answer = batch::refusal(status, "why not", "id", code);
    auto client = scene.stage.client();
    client.send(get("/v1/batches/x"));
    scene.stage.run();
    CHECK(has(client.read(), "HTTP/1.1 " + std::to_string(status)));
    CHECK(has(client.read(), "why not"));
    CHECK(has(client.read(), code));
  }
}

TEST_CASE("a method that a path does not know is told which it knows, and without a store there is nothing") {
  Scene scene;
  auto client = scene.stage.client();
  client.send(get("/v1/batches", "DELETE") + get("/v1/batches", "POS") + get("/v1/files/x", "POST"));
  scene.stage.run();
  CHECK(has(client.read(), "HTTP/1.1 405"));
  CHECK(has(client.read(), "allow: GET, POST"));
  CHECK(has(client.read(), "allow: GET, DELETE"));
  scene.stage.worker->files = nullptr;
  client.send(get("/v1/batches"));
  scene.stage.run();
  CHECK(has(client.read(), "no_store"));
}

}  // namespace
}  // namespace troupe::api::testing
