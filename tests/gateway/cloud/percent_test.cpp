#include "gateway/cloud/percent.hpp"

#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::cloud;

TEST_CASE("everything but the unreserved characters is encoded, in upper case") {
  CHECK(percent_encode("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encode("a b/c:+\xff") == "a%20b%2Fc%3A%2B%FF");
  CHECK(percent_encode("a/b", "/") == "a/b");
}

TEST_CASE("decoding takes escapes only, and undoes encoding") {
  CHECK(percent_decode("%41%2f+%") == "A/+%");
  CHECK(percent_decode("%4") == "%4");
  CHECK(percent_decode("%G1%1G") == "%G1%1G");
  troupe::Random random(1);
  for (int round = 0; round < 100; ++round) {
    std::string text(random.below(40), '\0');
    for (auto& c : text) c = static_cast<char>(random.below(256));
    CHECK(percent_decode(percent_encode(text)) == text);
  }
}

TEST_CASE("a form joins its encoded pairs") {
  Form form;
  CHECK(form.add("a b", "c&d").add("e", "").take() == "a%20b=c%26d&e=");
}
