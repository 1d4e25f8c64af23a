#include "core/log.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;

namespace {

std::string in_quotes(std::string_view text) {
  std::string out;
  log::append_json_string(out, text);
  return out;
}

}  // namespace

TEST_CASE("text becomes a JSON string") {
  CHECK(in_quotes("") == R"("")");
  CHECK(in_quotes(R"(say "hi" \ there)") == R"("say \"hi\" \\ there")");
  CHECK(in_quotes(std::string_view("a\0b\n\x1f", 5)) == R"("a\u0000b\u000a\u001f")");
  CHECK(in_quotes("\x7f\xe2\x82\xac") == "\"\x7f\xe2\x82\xac\"");
}

TEST_CASE("whatever stands where, text is escaped exactly where it must be") {
  for (std::size_t length = 1; length <= 20; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (int byte = 0; byte < 128; ++byte) {
        std::string text(length, 'x');
        text[at] = static_cast<char>(byte);
        const bool escaped = byte < 0x20 || byte == '"' || byte == '\\';
        const auto out = in_quotes(text);
        if ((out == "\"" + text + "\"") == escaped) FAIL("byte " << byte << " at " << at << " of " << length);
      }
      std::string word(length, 'x');
      word.replace(at, 1, "\xc3\xa9");
      if (in_quotes(word) != "\"" + word + "\"") FAIL("two bytes at " << at << " of " << length);
    }
  }
}

TEST_CASE("bytes that are no UTF-8 become the replacement character") {
  CHECK(in_quotes("a\xff\"") == "\"a\xef\xbf\xbd\\\"\"");
}

TEST_CASE("an event below the level costs nothing and may be filled") {
  CHECK_FALSE(log::enabled(log::Level::debug));
  log::info("nothing").text("k", "v").number("n", 1).real("r", 0.5).flag("f", true);
}
