#include "gateway/tokens/split.hpp"

#include <string>
#include <vector>

#include "core/random.hpp"
#include "core/utf8.hpp"
#include "gateway/tokens/split_ascii.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::tokens;
using Pieces = std::vector<std::string>;

namespace {

Pieces split(Encoding encoding, std::string_view text) {
  const Splitter splitter(encoding);
  Pieces pieces;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = splitter.next(text, from);
    REQUIRE(end > from);
    pieces.emplace_back(text.substr(from, end - from));
    from = end;
  }
  return pieces;
}

Pieces o200k(std::string_view text) {
  return split(Encoding::o200k_base, text);
}
Pieces cl100k(std::string_view text) {
  return split(Encoding::cl100k_base, text);
}

/// Mostly what the patterns make a difference of.
std::string mixture(troupe::Random& random, bool ascii) {
  static const std::vector<std::string> bits{
      "a",    "Z",     "bc", "XY",     "7",   "12",          " ", "  ",     "\t",     "\n",
      "\r\n", "'",     "'s", "'LL",    "'re", "'V",          ".", "/",      "{",      "\x01",
      "\v",   "don't", "//", "é",      "Ñ",   "中",          "ß", "\u00a0", "\u2028", "\u180e",
      "٣",    "ſ",     "'ſ", "\u0301", "ǅ",   "👩‍🚀", "ʰ"};
  const std::size_t plain = 23;
  std::string text;
  for (auto size = random.below(24); size > 0; --size)
    text += bits[random.below(ascii ? plain : bits.size())];
  return text;
}

}  // namespace

TEST_CASE("words take the blank before them, and o200k their contraction") {
  CHECK(o200k("Hello, world! I'm HERE, don't I'LL") ==
        Pieces{"Hello", ",", " world", "!", " I'm", " HERE", ",", " don't", " I'LL"});
  CHECK(cl100k("Hello I'm 'sure don't") == Pieces{"Hello", " I", "'m", " '", "sure", " don", "'t"});
  CHECK(cl100k("'say") == Pieces{"'s", "ay"});
  CHECK(o200k("'say") == Pieces{"'say"});
}

TEST_CASE("o200k begins a piece where small letters turn to capitals, cl100k does not") {
  CHECK(o200k("camelCaseHTTPServer XMLHttp") == Pieces{"camel", "Case", "HTTPServer", " XMLHttp"});
  CHECK(cl100k("camelCaseHTTP") == Pieces{"camelCaseHTTP"});
}

TEST_CASE("digits go by threes") {
  CHECK(o200k("1234567 89") == Pieces{"123", "456", "7", " ", "89"});
  CHECK(cl100k("x1234") == Pieces{"x", "123", "4"});
  CHECK(split(Encoding::r50k_base, "a 1234567") == Pieces{"a", " 1234567"});
}

TEST_CASE("of a run of blanks the last one stays with what follows, and line ends close a piece") {
  CHECK(o200k("a   b") == Pieces{"a", "  ", " b"});
  CHECK(o200k("a \n\n  b") == Pieces{"a", " \n\n", " ", " b"});
  CHECK(o200k("a   ") == Pieces{"a", "   "});
  CHECK(o200k("};\n\n//x") == Pieces{"};\n\n//", "x"});
  CHECK(cl100k("};\n\n//x") == Pieces{"};\n\n", "//", "x"});
}

TEST_CASE("letters are letters in every script, and U+180E is no space") {
  CHECK(o200k("Привет мир") == Pieces{"Привет", " мир"});
  CHECK(o200k("你好，世界") == Pieces{"你好", "，世界"});
  CHECK(o200k("a\u180e") == Pieces{"a", "\u180e"});
  CHECK(o200k("नमस्ते दुनिया") == Pieces{"नमस्ते", " दुनिया"});
}

TEST_CASE("the pieces of any text are that text, and none is empty") {
  auto random = troupe::Random(11);
  for (int round = 0; round < 400; ++round) {
    const auto text = mixture(random, false);
    for (const auto encoding : kEncodings) {
      std::string joined;
      for (const auto& piece : split(encoding, text)) joined += piece;
      CHECK(joined == text);
    }
  }
}

TEST_CASE("the short cut for ASCII agrees with the pattern wherever it dares to answer") {
  auto random = troupe::Random(23);
  std::size_t answers = 0;
  for (const auto encoding : {Encoding::o200k_base, Encoding::cl100k_base}) {
    const Splitter splitter(encoding);
    for (int round = 0; round < 3000; ++round) {
      const auto text = mixture(random, round % 2 == 0);
      for (std::size_t from = 0; from < text.size(); from = splitter.next_by_pattern(text, from)) {
        const auto quick = next_ascii(encoding, text, from);
        answers += quick != 0;
        if (quick == 0) continue;
        CAPTURE(text, from);
        CHECK(quick == splitter.next_by_pattern(text, from));
      }
    }
  }
  CHECK(answers > 10'000);
}

TEST_CASE("plain ASCII never needs the pattern") {
  auto random = troupe::Random(5);
  for (int round = 0; round < 1000; ++round) {
    const auto text = mixture(random, true);
    for (std::size_t from = 0; from < text.size();) {
      const auto end = next_ascii(Encoding::o200k_base, text, from);
      REQUIRE(end > from);
      from = end;
    }
  }
}

TEST_CASE("long runs are one piece, taken in one pass") {
  for (const std::string unit : {"a", " ", "é", "中", "!", "\n"}) {
    std::string run;
    while (run.size() < 1 << 20) run += unit;
    CHECK(o200k(run).size() == 1);
    CHECK(cl100k(run).size() == 1);
  }
}
