#include <string>

#include "gateway/api/chat.hpp"
#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::api::testing {
namespace {

std::shared_ptr<config::Config> with_classifier() {
  auto config = stage_config();
  auto other = config->models.front();
  other.name = "coder";
  config->models.push_back(other);
  config->routing.push_back({R"(task == "code")", "coder"});
  config->classifier = config::Classifier{"http://127.0.0.1:7/task", config::Secret("s3cret"), 50ms};
  return config;
}

std::string reply(const std::string& task) {
  return answer(200, R"({"task":")" + task + R"("})");
}

struct Scene {
  Stage stage{with_classifier()};
  Wire service = stage.elsewhere("127.0.0.1", "7");
  Wire client = stage.client();

  /// The model that was asked of the router last.
  std::string routed() { return stage.desk.asked.empty() ? "" : stage.desk.asked.back().facts->model; }
  void chat(const std::string& header = {}) {
    client.send(with_head(chat_request(), header));
    stage.run();
  }
};

}  // namespace

TEST_CASE("a classifier elsewhere says which task it is, and is not asked twice for one text") {
  Scene scene;
  scene.chat();
  CHECK(scene.routed().empty());
  CHECK(has(scene.service.read(), "POST /task HTTP/1.1"));
  CHECK(has(scene.service.read(), "Authorization: Bearer s3cret"));
  CHECK(has(scene.service.read(), R"({"model":"smart","text":"hi"})"));
  scene.service.send(reply("code"));
  scene.stage.run();
  CHECK(scene.routed() == "coder");
  const auto asked = scene.service.read().size();
  scene.chat();
  CHECK(scene.routed() == "coder");
  CHECK(scene.service.read().size() == asked);
  CHECK(scene.stage.observer.classes == std::vector<std::string>{"answered", "cached"});
}

TEST_CASE("a client that says its task, and a configuration without rules on tasks, ask nobody") {
  Scene scene;
  scene.chat("x-troupe-task: code\r\n");
  CHECK(scene.routed() == "coder");
  CHECK(scene.service.read().empty());
  auto config = with_classifier();
  config->routing.front().when = R"(model == "auto")";
  Stage stage(config);
  auto client = stage.client();
  client.send(chat_request());
  stage.run();
  CHECK(stage.desk.asked.size() == 1);
  CHECK(stage.observer.classes.empty());
}

TEST_CASE("an unknown task, an error and no answer in time leave it to the built-in classifier") {
  for (const auto& text : {reply("poetry"), answer(500, "{}"), answer(200, "[]"), std::string()}) {
    Scene scene;
    scene.chat();
    if (!text.empty()) scene.service.send(text);
    scene.stage.run();
    if (text.empty()) {
      scene.stage.pass(49ms);
      CHECK(scene.routed().empty());
      scene.stage.pass(1ms);
    }
    CHECK(scene.routed() == "smart");
    CHECK(scene.stage.observer.classes == std::vector<std::string>{"failed"});
    CHECK(scene.stage.worker->tasks.under_way == 0);
  }
}

TEST_CASE("a service that fails again and again is left alone for a while") {
  Scene scene;
  for (int i = 0; i < 3; ++i) {
    auto wire = i == 0 ? std::move(scene.service) : scene.stage.elsewhere("127.0.0.1", "7");
    scene.chat();
    wire.send(answer(500, "{}"));
    scene.stage.run();
  }
  scene.chat();
  CHECK(scene.stage.observer.classes.back() == "paused");
  CHECK(scene.stage.desk.asked.size() == 4);
}

}  // namespace troupe::api::testing
