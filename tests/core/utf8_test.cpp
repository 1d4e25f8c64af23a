#include "core/utf8.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;

TEST_CASE("characters of every length are valid at their borders") {
  for (const auto* good : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                           "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    CHECK(valid_utf8(good));
    CHECK(repair_utf8(good) == good);
  }
}

TEST_CASE("overlong forms, surrogates, cut and stray bytes are not") {
  for (const auto* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2",
                          "\xc2"
                          "a",
                          "\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "\xff", "\xf0\x90\x80"}) {
    CHECK_FALSE(valid_utf8(bad));
    CHECK(valid_utf8(repair_utf8(bad)));
  }
}

TEST_CASE("a repair keeps what is whole and marks each byte that is not") {
  CHECK(repair_utf8("a\xff"
                    "b\xe2\x82") ==
        "a\xef\xbf\xbd"
        "b\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(repair_utf8("\xe2\x82\xac\x80") == "\xe2\x82\xac\xef\xbf\xbd");
}
