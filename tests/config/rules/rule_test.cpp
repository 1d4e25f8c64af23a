#include "config/rules/rule.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::rules;

namespace {

const Pairs kHeaders{{"x-team", "search"}}, kTags{{"env", "prod"}};

Facts facts() {
  Facts made;
  made.model = "auto";
  made.task = "code";
  made.tenant = "acme";
  made.last_message = "Please fix this bug:\nint main() {}";
  made.input_tokens = 450;
  made.messages = 3;
  made.tools = 4;
  made.percent = 12.5;
  made.hour = 14;
  made.headers = &kHeaders;
  made.tags = &kTags;
  return made;
}

bool holds(const std::string& text, const Facts& of = facts()) {
  CAPTURE(text);
  const auto rule = Rule::parse(text);
  CAPTURE(rule ? "" : rule.error().message);
  REQUIRE(rule);
  return rule->holds(of);
}

std::string mistake(const std::string& text) {
  const auto rule = Rule::parse(text);
  return rule ? "none" : rule.error().message;
}

bool has(const std::string& all, const std::string& part) {
  return all.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("conditions say what their documentation says") {
  CHECK(holds(R"(task == "reasoning" || tools.count > 3)"));
  CHECK_FALSE(holds("input_tokens > 100000"));
  CHECK(holds(R"(model == "auto" && !has_images && input_tokens < 500)"));
  CHECK(holds("percent < 20 && time.hour >= 9 && time.hour < 18"));
  CHECK(holds(R"(tenant in ["acme", 'other'])"));
  CHECK_FALSE(holds("messages.count in [1, 2, -3]"));
  CHECK(holds("messages.count in [1, 2, 3]"));
}

TEST_CASE("&& binds closer than ||, comparisons closer than both, sums and products as in school") {
  CHECK(holds("true || false && false"));
  CHECK_FALSE(holds("(true || false) && false"));
  CHECK(holds("!false && true"));
  CHECK_FALSE(holds("!(false || true)"));
  CHECK(holds("1 + 2 * 3 == 7"));
  CHECK(holds("10 - 4 - 3 == 3"));
  CHECK(holds("input_tokens -450 == 0"));
  CHECK(holds("1 / 0 == 0"));
}

TEST_CASE("texts are searched, measured and matched") {
  CHECK(holds(R"(last_message.contains("bug"))"));
  CHECK(holds(R"(last_message.startsWith('Please') && last_message.endsWith("{}"))"));
  CHECK(holds(R"(last_message.matches("(?i)PLEASE\\s+fix"))"));
  CHECK_FALSE(holds(R"(last_message.matches("^fix"))"));
  CHECK(holds("size(model) == 4"));
  CHECK(holds(R"(last_message.contains("\n"))"));
}

TEST_CASE("headers and tags are looked up by name; what is absent is empty") {
  CHECK(holds(R"(headers["X-Team"] == "search")"));
  CHECK(holds(R"(tags.env == "prod" && tags["none"] == "")"));
  auto bare = facts();
  bare.headers = nullptr;
  CHECK(holds(R"(headers["x-team"] == "")", bare));
}

TEST_CASE("a pattern sees the first 16 KiB") {
  auto long_one = facts();
  const auto text = std::string(16 << 10, 'a') + "needle";
  long_one.last_message = text;
  CHECK_FALSE(holds(R"(last_message.matches("needle"))", long_one));
  CHECK(holds(R"(last_message.contains("needle"))", long_one));
}

TEST_CASE("mistakes are found before any request, with their place") {
  CHECK(has(mistake("model = \"x\""), "'=' means nothing here (at character 7)"));
  CHECK(has(mistake("modle == \"x\""), "nobody knows \"modle\"; there are model, task"));
  CHECK(has(mistake("input_tokens"), "a condition is needed here, this is a number"));
  CHECK(has(mistake("model > 5"), "a text is needed here, this is a number (at character 9)"));
  CHECK(has(mistake("stream > true"), "cannot be compared so"));
  CHECK(has(mistake("model && stream"), "a condition is needed here, this is a text"));
  CHECK(has(mistake("model == \"x"), "without its closing quote"));
  CHECK(has(mistake("(stream"), "')' is missing"));
  CHECK(has(mistake("stream stream"), "this does not belong here (at character 8)"));
  CHECK(has(mistake("model in [1]"), "another kind"));
  CHECK(has(mistake("model in model"), "a list [ ... ] follows"));
  CHECK(has(mistake("headers == \"x\""), "write headers[\"name\"]"));
  CHECK(has(mistake(R"(model.matches("("))"), "not a regular expression"));
  CHECK(has(mistake("input_tokens.contains(\"1\")"), "a text is needed here"));
  CHECK(has(mistake("12abc == 1"), "not a number"));
  CHECK(has(mistake("'\\q' == ''"), "an escape is one of"));
  CHECK(has(mistake(""), "a value is missing"));
}

TEST_CASE("nothing that is written overflows the stack") {
  CHECK(has(mistake(std::string(200, '(') + "true" + std::string(200, ')')), "too many"));
  CHECK(has(mistake(std::string(200, '!') + "true"), "too many"));
  std::string chain = "true";
  for (int i = 0; i < 1000; ++i) chain += " && true";
  CHECK(has(mistake(chain), "longer than 4 KiB"));
}

TEST_CASE("a rule knows what it asks, so that nobody prepares the rest") {
  const auto rule = Rule::parse("tools.count > 1 || last_message.contains('x')");
  REQUIRE(rule);
  CHECK(rule->asks(Field::last_message));
  CHECK(rule->asks(Field::tools_count));
  CHECK_FALSE(rule->asks(Field::percent));
}
