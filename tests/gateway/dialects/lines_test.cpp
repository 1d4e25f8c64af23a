#include "gateway/dialects/lines.hpp"

#include <vector>

#include "tests/support/catch.hpp"

namespace troupe::dialects {
namespace {

std::vector<std::string> lines_of(const std::string& text, std::size_t piece) {
  LineSplitter splitter;
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const auto bytes = text.substr(at, piece);
    splitter.push(bytes);
    while (const auto line = splitter.next()) out.emplace_back(*line);
  }
  if (const auto rest = splitter.rest(); !rest.empty()) out.emplace_back(rest);
  return out;
}

}  // namespace

TEST_CASE("lines are the same in pieces of any size") {
  const std::string text = "{\"a\":1}\r\n\n  {\"b\":2} \n\r\n{\"c\":3}";
  const std::vector<std::string> all{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}"};
  for (std::size_t piece = 1; piece <= text.size(); ++piece) CHECK(lines_of(text, piece) == all);
}

TEST_CASE("a line without end is given up, not kept") {
  LineSplitter splitter;
  const std::string piece(LineSplitter::kMaxLine / 2 + 1, 'x');
  splitter.push(piece);
  CHECK_FALSE(splitter.next());
  CHECK_FALSE(splitter.overflowed());
  splitter.push(piece);
  CHECK_FALSE(splitter.next());
  CHECK(splitter.overflowed());
  splitter.push("a\nb\n");
  CHECK_FALSE(splitter.next());
  CHECK(splitter.rest().empty());
}

}  // namespace troupe::dialects
