#include "config/rules/classify.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::rules;

namespace {
std::string_view task(std::string_view text) {
  return classify(text, usual_tasks());
}
}  // namespace

TEST_CASE("plain requests are of the task that people would say") {
  CHECK(task("Fix the bug in this function:\n```python\ndef f(): pass\n```") == "code");
  CHECK(task("Summarise the following article in three key points.") == "summarize");
  CHECK(task("Translate this into German: good morning") == "translate");
  CHECK(task("Extract all the names and dates as JSON") == "extract");
  CHECK(task("Prove step by step that the square root of two is irrational.") == "reasoning");
  CHECK(task("Good morning! How are you?") == "chat");
  CHECK(task("") == "chat");
}

TEST_CASE("a word counts once, and not inside another word") {
  CHECK(task("decoder improved") == "chat");
  CHECK(task("code code code, solve the equation") == "reasoning");
}

TEST_CASE("the tables are the operator's") {
  const std::vector<Task> own{{"legal", {"contract"}}, {"medical", {"diagnos"}}};
  CHECK(classify("Review this CONTRACT", own) == "legal");
  CHECK(classify("a diagnosis", own) == "medical");
  CHECK(classify("translate", own) == "chat");
}

TEST_CASE("only the beginning of a long text is read") {
  CHECK(task(std::string(8 << 10, ' ') + "translate") == "chat");
}
