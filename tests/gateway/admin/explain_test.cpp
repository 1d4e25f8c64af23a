#include "gateway/admin/explain.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using admin::explain_ask;

namespace {

config::Config configuration() {
  config::Config config;
  config.routing = {{"task == 'code'", "coder"}, {"input_tokens > 100", "long"}, {"true", "usual"}};
  auto& tenant = config.tenants.emplace_back();
  tenant.name = "small";
  tenant.models = {"usual"};
  return config;
}

std::string answers(const std::string& body) {
  const auto question = explain_ask(body, configuration(), WallTime{});
  return question ? question->ask.facts->model : question.error().message;
}

}  // namespace

TEST_CASE("every rule is shown, the first that holds decides") {
  const auto question = explain_ask(R"({"model":"m","input_tokens":500})", configuration(), WallTime{});
  REQUIRE(question);
  CHECK(question->asked == "m");
  CHECK(question->ask.facts->model == "long");
  REQUIRE(question->rules.size() == 3);
  CHECK(question->rules[0]["holds"] == false);
  CHECK(question->rules[1]["chosen"] == true);
  CHECK(question->rules[2]["holds"] == true);
  CHECK(question->rules[2]["chosen"] == false);
}

TEST_CASE("a body is read as the API port reads it, and headers are fields") {
  CHECK(answers(R"({"model":"m","messages":[{"role":"user","content":"Fix this bug in my function"}]})") ==
        "coder");
  CHECK(answers(R"({"model":"m","messages":[{"role":"user","content":"hello"}]})") == "usual");
  CHECK(answers(R"({"model":"m","task":"code"})") == "coder");
}

TEST_CASE("a rule that a tenant may not follow is passed over, and shown so") {
  const auto question =
      explain_ask(R"({"model":"m","input_tokens":500,"tenant":"small"})", configuration(), WallTime{});
  REQUIRE(question);
  CHECK(question->ask.facts->model == "usual");
  CHECK(question->rules[1]["holds"] == true);
  CHECK(question->rules[1]["allowed"] == false);
  CHECK(question->rules[1]["chosen"] == false);
}

TEST_CASE("what makes no sense is named") {
  CHECK(answers("[]") == "the body must be a JSON object");
  CHECK(answers(R"({"input_tokens":5})") == "field 'model' is missing");
  CHECK(answers(R"({"model":"m","modle":1})") == "unknown field 'modle'");
  CHECK(answers(R"({"model":"m","stream":1})") == "field 'stream' has a wrong type or value");
}
