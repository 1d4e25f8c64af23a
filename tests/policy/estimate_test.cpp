#include "actors/policy/estimate.hpp"

#include "tests/support/catch.hpp"

using troupe::Tokens;
using troupe::policy::estimate_tokens;

TEST_CASE("tokens are guessed by alphabet") {
  CHECK(estimate_tokens("") == Tokens{0});
  CHECK(estimate_tokens("a") == Tokens{1});
  CHECK(estimate_tokens("hello world, how are you?") == Tokens{7});
  CHECK(estimate_tokens("привет") == Tokens{3});
  CHECK(estimate_tokens("日本語") == Tokens{3});
  CHECK(estimate_tokens("한국") == Tokens{2});
  CHECK(estimate_tokens("🙂") == Tokens{1});
}
