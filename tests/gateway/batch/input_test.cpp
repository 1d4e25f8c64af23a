#include "gateway/batch/input.hpp"

#include "tests/gateway/batch/desk.hpp"

namespace troupe::batch::testing {
namespace {

Input read(const Folder& folder, const std::string& text) {
  const auto path = folder.path() / "input";
  REQUIRE(DiskFile::open(path, DiskFile::For::anew)->write(0, text));
  Input out(std::move(*DiskFile::open(path, DiskFile::For::reading)), "/v1/chat/completions");
  for (auto last = out.step(); last && !*last; last = out.step()) {
  }
  return out;
}

TEST_CASE("lines are found wherever the pieces end, the last one without its end too") {
  const Folder folder;
  std::string text;
  while (text.size() < Input::kPiece * 2 + 100)
    text += input_line(std::to_string(text.size()), std::string(70'000, 'x'));
  text += "\n \r\n" + input_line("last");
  text.pop_back();
  const auto input = read(folder, text);
  CHECK(input.mistakes() == 0);
  std::string again;
  for (const auto& [offset, size] : input.lines()) again += text.substr(offset, size) + "\n";
  CHECK(again == text.substr(0, text.find("\n\n") + 1) + input_line("last"));
}

TEST_CASE("a line that is too long is one mistake, and does not take its neighbours with it") {
  const Folder folder;
  const auto input = read(
      folder, input_line("a") + std::string(kLongestLine + Input::kPiece * 2, 'x') + "\n" + input_line("b"));
  REQUIRE(input.mistakes() == 1);
  CHECK(input.errors()[0].code == "line_too_long");
  CHECK(input.errors()[0].line == 2);
  CHECK(input.lines().size() == 2);
}

TEST_CASE("only the first mistakes are kept") {
  const Folder folder;
  std::string text;
  for (std::size_t i = 0; i < Batch::kErrors * 2; ++i) text += "no\n";
  const auto input = read(folder, text);
  CHECK(input.mistakes() == Batch::kErrors * 2);
  CHECK(input.errors().size() == Batch::kErrors);
}

TEST_CASE("an empty file is a mistake") {
  const Folder folder;
  CHECK(read(folder, "").errors()[0].code == "empty_file");
  CHECK(read(folder, "\n\n").errors()[0].code == "empty_file");
}

}  // namespace
}  // namespace troupe::batch::testing
