#include "gateway/tokens/memo.hpp"

#include <string>

#include "tests/support/catch.hpp"

using troupe::tokens::Memo;

TEST_CASE("what was counted is found again, for the same vocabulary only") {
  Memo memo(1);
  const auto place = memo.place(7, "the text");
  CHECK_FALSE(memo.find(place));
  memo.put(place, 2);
  CHECK(memo.find(memo.place(7, "the text")) == 2);
  CHECK_FALSE(memo.find(memo.place(8, "the text")));
  CHECK_FALSE(memo.find(memo.place(7, "the texT")));
}

TEST_CASE("a text of no tokens is known too") {
  Memo memo(1);
  memo.put(memo.place(1, ""), 0);
  CHECK(memo.find(memo.place(1, "")) == 0);
}

TEST_CASE("newer texts take the places of older ones, and nothing is taken for another") {
  Memo memo(3);
  constexpr int kTexts = 3 * static_cast<int>(Memo::kSlots);
  for (int i = 0; i < kTexts; ++i) memo.put(memo.place(1, std::to_string(i)), i);
  int known = 0;
  for (int i = 0; i < kTexts; ++i) {
    const auto found = memo.find(memo.place(1, std::to_string(i)));
    if (!found) continue;
    ++known;
    REQUIRE(*found == i);
  }
  CHECK(known > static_cast<int>(Memo::kSlots) / 2);
  CHECK(known <= static_cast<int>(Memo::kSlots));
  CHECK(memo.find(memo.place(1, std::to_string(kTexts - 1))) == kTexts - 1);
}
