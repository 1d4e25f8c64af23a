#include "gateway/semantic/guard.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;

namespace {

std::string_view why(std::string_view a, std::string_view b) {
  const auto x = semantic::marks_of(a), y = semantic::marks_of(b);
  const auto said = semantic::forbids(x, y);
  CHECK(said == semantic::forbids(y, x));
  return said;
}

}  // namespace

TEST_CASE("numbers, dates and amounts must be the same, however they are written") {
  CHECK(why("What is 15% of 200?", "What is 16% of 200?") == "numbers");
  CHECK(why("Convert 1,000 km to miles", "Convert 1000 km to miles").empty());
  CHECK(why("Give me three ideas for lunch", "Give me 3 ideas for lunch").empty());
  CHECK(why("Give me three ideas for lunch", "Give me four ideas for lunch") == "numbers");
  CHECK(why("Subtract 5 from 10", "Subtract 10 from 5") == "numbers");
  CHECK(why("What changed in version 2.1?", "What changed in version 2.2?") == "numbers");
  CHECK(why("Is the office open on Monday?", "Is the office open on Tuesday?") == "names");
  CHECK(why("weather in june", "weather in july") == "names");
}

TEST_CASE("names must be the same: of people, places, products, and in code") {
  CHECK(why("What is the capital of France?", "What is the capital of Spain?") == "names");
  CHECK(why("what is the capital?", "what is the capital of France?") == "names");
  CHECK(why("Who wrote Hamlet?", "Who was it that wrote Hamlet?").empty());
  CHECK(why("Paris hotels near the river", "hotels in Paris near the river").empty());
  CHECK(why("Explain std::move", "Explain std::forward") == "names");
  CHECK(why("What does read_file do?", "What does write_file do?") == "names");
  CHECK(why("How do I parse JSON?", "How do I parse XML?") == "names");
  CHECK(why("Python lists explained", "Ruby lists explained") == "names");
  CHECK(why("Translate \"good morning\" to French", "Translate \"good night\" to French") == "quotes");
  CHECK(why("Flights from Boston to Denver", "Flights from Denver to Boston") == "order");
}

TEST_CASE("a question and its negation have different answers") {
  CHECK(why("Which foods should I eat?", "Which foods should I not eat?") == "negation");
  CHECK(why("Coffee with sugar", "Coffee without sugar") == "negation");
  CHECK(why("Why doesn't it start?", "Why does it not start?").empty());
}

TEST_CASE("opposites forbid a match unless both texts have both") {
  CHECK(why("How do I enable logging?", "How do I disable logging?") == "opposites");
  CHECK(why("sort the list in ascending order", "sort the list in descending order") == "opposites");
  CHECK(why("what happens before deleting a user", "what happens after deleting a user") == "opposites");
  CHECK(why("difference between import and export", "export versus import, the difference").empty());
}

TEST_CASE("other words for the same do not forbid anything") {
  CHECK(why("How can I reset my password?", "How do I reset my password").empty());
  CHECK(why("Explain recursion simply", "Describe recursion in simple words").empty());
  CHECK(why("Summarize this article", "Please summarize the article").empty());
  CHECK(why("", "").empty());
}
