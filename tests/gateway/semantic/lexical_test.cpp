#include "gateway/semantic/lexical.hpp"

#include <cmath>

#include "gateway/semantic/words.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::semantic;

namespace {

float score(std::string_view a, std::string_view b) {
  return similarity(lexical_vector(a), lexical_vector(b));
}

}  // namespace

TEST_CASE("words are split at blanks and signs, and keep what names and numbers are made of") {
  const auto words = split_words("Hello, World! It's 3.5 x std::move\nlast_one.");
  REQUIRE(words.size() == 7);
  CHECK(words[0].begins_sentence);
  CHECK(words[1].lower == "world");
  CHECK_FALSE(words[1].begins_sentence);
  CHECK(words[2].begins_sentence);
  CHECK(words[3].text == "3.5");
  CHECK(words[6].text == "last_one");
  CHECK(words[6].begins_sentence);
  CHECK(split_words(" ?! ").empty());
}

TEST_CASE("endings that say little are cut") {
  for (const auto* word : {"delete", "deletes", "deleted", "deleting"}) CHECK(stem(word) == "delet");
  CHECK(stem("running") == stem("run"));
  CHECK(stem("queries") == stem("query"));
  CHECK(stem("class") == "class");
  CHECK(stem("is") == "is");
}

TEST_CASE("a vector has unit length, and is the same for what differs in case, blanks and signs only") {
  const auto vector = lexical_vector("How do I reset my password?");
  REQUIRE(vector.size() == kLexicalSize);
  CHECK(std::abs(similarity(vector, vector) - 1) < 1e-5);
  CHECK(score("How do I reset my password?", "how do i  reset my PASSWORD") > 0.9999F);
  CHECK(score("", "anything") == 0);
}

TEST_CASE("small changes are near, other questions are far") {
  CHECK(score("How do I reset my password?", "How can I reset my password") > 0.95F);
  CHECK(score("resetting passwords", "reset the password") > 0.7F);
  CHECK(score("How do I reset my password?", "What is the tallest mountain on earth?") < 0.2F);
}
