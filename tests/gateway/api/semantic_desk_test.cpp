#include "gateway/api/semantic_desk.hpp"

#include <memory>
#include <nlohmann/json.hpp>

#include "gateway/api/embedding.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"

using namespace troupe;
using namespace std::chrono_literals;

namespace {

api::SemanticAsk asking(std::string text) {
  const auto body = R"({"model":"m","messages":[{"role":"user","content":")" + text + R"("}]})";
  auto parsed = dialects::parse_request(dialects::Operation::chat, body);
  REQUIRE(parsed);
  api::SemanticAsk ask;
  ask.request = std::make_shared<const dialects::Request>(std::move(*parsed));
  ask.tenant = "t";
  ask.max_age = 24h;
  return ask;
}

/// Waits for the desk's thread by the answer that it posts home.
api::SemanticTold look(api::SemanticDesk& desk, api::SemanticAsk ask) {
  boost::asio::io_context home;
  const auto guard = boost::asio::make_work_guard(home);
  std::optional<api::SemanticTold> out;
  REQUIRE(desk.look(home, std::move(ask), [&](api::SemanticTold told) {
    out = std::move(told);
    home.stop();
  }));
  home.run();
  REQUIRE(out);
  return std::move(*out);
}

cache::EntryPtr entry(std::string body) {
  auto made = std::make_shared<cache::Entry>();
  made->body = std::move(body);
  made->tenant = "t";
  return made;
}

}  // namespace

TEST_CASE("its thread finds the question, keeps the answer, and gives it to who asks nearly the same") {
  testing::ManualClock clock;
  api::SemanticDesk desk(clock);
  boost::asio::io_context nowhere;
  CHECK_FALSE(desk.look(nowhere, asking("hi"), {}));  // off
  config::SemanticCache settings;
  settings.threshold = 0.9;
  desk.use(settings);
  auto told = look(desk, asking("How do I reset my password?"));
  REQUIRE(told.question);
  CHECK_FALSE(told.found);
  desk.keep(api::semantic_group("t", "m"), *told.question, std::move(told.vector), entry("A"), 1min);
  const auto again = look(desk, asking("How can I reset my password"));
  REQUIRE(again.found);
  CHECK(again.found->entry->body == "A");
  CHECK(again.found->score > 0.9F);
  auto other = asking("How can I reset my password");
  other.tenant = "u";
  CHECK_FALSE(look(desk, std::move(other)).found);
  desk.flush({});
  CHECK_FALSE(look(desk, asking("How can I reset my password")).found);
}

TEST_CASE("without the built-in embedder it only says what the question is") {
  testing::ManualClock clock;
  api::SemanticDesk desk(clock);
  desk.use(config::SemanticCache{});
  auto ask = asking("what?");
  ask.lexical = false;
  const auto told = look(desk, std::move(ask));
  REQUIRE(told.question);
  CHECK(told.question->text == "what?");
  CHECK(told.vector.empty());
}

TEST_CASE("a vector is read from OpenAI's shape, and nothing from any other") {
  const auto vector = api::read_embedding(R"({"data":[{"embedding":[3,4]}]})");
  REQUIRE(vector.size() == 2);
  CHECK(vector[0] == Approx(0.6));
  for (const auto* body : {"", "[]", "{}", R"({"data":[]})", R"({"data":[{"embedding":"aGk="}]})",
                           R"({"data":[{"embedding":[1,"x"]}]})", R"({"data":[3]})"}) {
    CAPTURE(body);
    CHECK(api::read_embedding(body).empty());
  }
}
