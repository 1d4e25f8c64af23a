#include "gateway/tokens/estimate.hpp"

#include <string>

#include "core/random.hpp"
#include "gateway/tokens/calibrations.hpp"
#include "tests/support/catch.hpp"

using troupe::Tokens;
using namespace troupe::tokens;

namespace {

/// Within a third either way.
void near(std::string_view text, std::int64_t real) {
  CAPTURE(text, real);
  CHECK(estimate(text).count * 3 >= real * 2);
  CHECK(estimate(text).count * 2 <= real * 3);
}

}  // namespace

TEST_CASE("a guess is near what common vocabularies make of prose and code") {
  // Beside it: o200k_base, for other alphabets the mean of it and cl100k_base.
  near("The quick brown fox jumps over the lazy dog, and nobody in the village was surprised by it at all.",
       21);
  near("for (int i = 0; i < count; ++i) { sum += values[i] * weights[i]; }\n", 26);
  near("3.14159265358979 2.71828182845904", 16);
  near("Привет, как дела? Сегодня хорошая погода, и мы идём гулять.", 19);
}

TEST_CASE("ideographs cost about a token per two bytes, other alphabets half a token per character") {
  CHECK(estimate("你好世界").count == 6);
  CHECK(estimate("日本語").count == 5);
  CHECK(estimate("αβγδ").count == 2);
  CHECK(estimate("😀").count == 2);
}

TEST_CASE("a guess grows with its text and takes any bytes") {
  CHECK(estimate("").count == 0);
  CHECK(estimate("a").count == 1);
  auto random = troupe::Random(4);
  std::string text;
  std::int64_t before = 0;
  for (int i = 0; i < 2000; ++i) {
    text += static_cast<char>(random.below(256));
    const auto now = millitokens(text);
    CHECK(now >= before);
    before = now;
  }
}

TEST_CASE("a model that counts a third more is known after some calls") {
  Calibration learned;
  for (int call = 0; call < 40; ++call) learned.learn({1000}, {1333});
  CHECK(learned.corrected({3000}).count == Approx(4000).margin(40));
  CHECK(learned.seen() == 40);
}

TEST_CASE("one absurd bill does not spoil what was learned") {
  Calibration learned;
  learned.learn({1000}, {1'000'000});
  CHECK(learned.factor() <= 1.125);
  learned.learn({1'000'000}, {1});
  CHECK(learned.factor() >= 1.0);
}

TEST_CASE("a factor stays within a quarter and four whatever is billed") {
  Calibration high, low;
  for (int call = 0; call < 500; ++call) {
    high.learn({100}, {1'000'000'000});
    low.learn({1'000'000'000}, {1});
  }
  CHECK(high.factor() == 4);
  CHECK(low.factor() == 0.25);
  CHECK(low.corrected({1}).count == 1);
  CHECK(low.corrected({0}).count == 0);
}

TEST_CASE("small prompts and bills of nothing teach nothing") {
  Calibration learned;
  learned.learn({10}, {1000});
  learned.learn({1000}, {0});
  CHECK(learned.factor() == 1);
  CHECK(learned.seen() == 0);
}

TEST_CASE("each model has a factor of its own, and there is an end to how many") {
  Calibrations known;
  for (int call = 0; call < 40; ++call) known.learn("p/a", {1000}, {2000});
  CHECK(known.corrected("p/a", {1000}).count > 1900);
  CHECK(known.corrected("p/b", {1000}).count == 1000);
  for (std::size_t i = 0; i < 2 * Calibrations::kMost; ++i)
    known.learn("m" + std::to_string(i), {100}, {200});
  CHECK(known.size() == Calibrations::kMost);
  CHECK(known.corrected("p/a", {1000}).count > 1900);
}
