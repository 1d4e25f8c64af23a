#include "gateway/tokens/ranks.hpp"

#include "tests/gateway/tokens/support.hpp"

using namespace troupe::tokens;

TEST_CASE("every token of a vocabulary is found under its rank, and nothing else is") {
  const auto ranks = ranks_of({"ab", "", "abc", std::string(128, ' ')});
  CHECK(ranks.size() == 260);
  CHECK(ranks.find("a") == 'a');
  CHECK(ranks.find("ab") == 256);
  CHECK(ranks.find("abc") == 258);
  CHECK(ranks.find(std::string(128, ' ')) == 259);
  CHECK(ranks.token(258) == "abc");
  for (const std::string_view none : {"", "ba", "abcd"}) CHECK(ranks.find(none) == Ranks::kNone);
  CHECK(ranks.find(std::string(129, ' ')) == Ranks::kNone);
  CHECK(ranks.token(257).empty());
  CHECK(ranks.token(9999).empty());
}

TEST_CASE("a vocabulary that is cut, changed or of another kind is refused") {
  const auto good = vocabulary_file({"ab"});
  REQUIRE(Ranks::parse(good));
  for (std::size_t size = 0; size < good.size(); size += 7) CHECK_FALSE(Ranks::parse(good.substr(0, size)));
  auto flipped = good;
  flipped.back() = 'x';
  REQUIRE_FALSE(Ranks::parse(flipped));
  CHECK(Ranks::parse(flipped).error().message.find("damaged") != std::string::npos);
  CHECK_FALSE(Ranks::parse(good + "x"));
  CHECK_FALSE(Ranks::parse("IQ== 0\nIg== 1\n"));
}

TEST_CASE("a vocabulary without a token for every byte is refused: it could not count everything") {
  auto file = vocabulary_file();
  std::string body = file.substr(16);
  body[65] = 0;  // no "A"
  body.erase(256 + 65, 1);
  std::string made = file.substr(0, 12);
  append_number(made, static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(body.data()),
                                                       static_cast<uInt>(body.size()))));
  const auto parsed = Ranks::parse(made + body);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().message.find("single byte") != std::string::npos);
}

TEST_CASE("a vocabulary that is not there says where it was looked for") {
  const auto none = Ranks::load("/nowhere/o200k_base.tokens");
  REQUIRE_FALSE(none);
  CHECK(none.error().message.find("/nowhere/o200k_base.tokens") != std::string::npos);
}
