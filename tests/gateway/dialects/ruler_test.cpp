#include "gateway/dialects/ruler.hpp"

#include <string>

#include "tests/support/catch.hpp"

namespace troupe::dialects {

TEST_CASE("a ruler counts characters of a long text that grows, as a plain count does") {
  std::string text;
  std::vector<std::size_t> starts;
  Ruler growing;
  for (int i = 0; i < 1500; ++i) {
    starts.push_back(text.size());
    text += i % 3 == 0 ? "a" : i % 3 == 1 ? "é" : "😀";
    if (i % 97 == 0) CHECK(growing.chars(text, static_cast<std::int64_t>(text.size())) == i + 1);
  }
  Ruler ruler;
  for (std::size_t i = 0; i < starts.size(); i += 7) {
    CHECK(ruler.chars(text, static_cast<std::int64_t>(starts[i])) == static_cast<std::int64_t>(i));
    CHECK(growing.bytes(text, static_cast<std::int64_t>(i)) == static_cast<std::int64_t>(starts[i]));
  }
  CHECK(ruler.bytes(text, 1'000'000'000'000) == static_cast<std::int64_t>(text.size()));
  CHECK(ruler.bytes(text, -5) == 0);
  CHECK(ruler.chars(text, -5) == 0);
  CHECK(Ruler().bytes("", 3) == 0);
}

}  // namespace troupe::dialects
