#include "gateway/tokens/tally.hpp"

#include <fstream>

#include "tests/gateway/tokens/support.hpp"
#include "tests/support/folder.hpp"

using namespace troupe::tokens;
using troupe::Tokens;

namespace {

/// A library with an o200k_base in which every byte but a few words is a token: counts by hand.
const Library& small() {
  static const troupe::testing::Folder folder;
  static const Library library = [] {
    std::ofstream(folder / "o200k_base.tokens", std::ios::binary)
        << vocabulary_file({"us", "er", "user", "hell", "hello", "he", "ll"});
    return Library(folder.path().string());
  }();
  REQUIRE(library.get(Encoding::o200k_base) != nullptr);
  return library;
}

}  // namespace

TEST_CASE("a chat of texts is counted exactly: three per message, its role, its text, three for the answer") {
  Tally tally(small(), "gpt-4o");
  tally.message("user");
  tally.text("hello!");
  tally.reply();
  const auto count = tally.total();
  CHECK(count.exact);
  CHECK(count.tokens == Tokens{3 + 1 + 2 + 3});
}

TEST_CASE("a participant's name costs itself and one more") {
  Tally tally(small(), "gpt-4o");
  tally.participant("bob");
  CHECK(tally.total().tokens == Tokens{4});
}

TEST_CASE("what no published rule covers makes the whole count an estimate") {
  const auto with = [](auto add) {
    Tally tally(small(), "gpt-4o");
    tally.text("hello");
    add(tally);
    return tally.total();
  };
  CHECK(with([](Tally&) {}).exact);
  CHECK_FALSE(with([](Tally& tally) { tally.tool("f", "{}"); }).exact);
  CHECK_FALSE(with([](Tally& tally) { tally.attachment(10); }).exact);
  const auto image = with([](Tally& tally) { tally.image(ImageSize{1024, 1024}); });
  CHECK_FALSE(image.exact);
  CHECK(image.tokens == Tokens{766});
}

TEST_CASE("beyond the budget text is counted by the ratio of what was counted") {
  Tally tally(small(), "gpt-4o", nullptr, {}, 500);
  tally.text(std::string(500, '!'));
  tally.text(std::string(5000, '!'));
  const auto count = tally.total();
  CHECK_FALSE(count.exact);
  CHECK(count.tokens.count == Approx(5500).margin(5));
}

TEST_CASE("what was counted before costs nothing of the budget, and is exact") {
  Memo memo(1);
  const std::string first(400, '!'), second(400, '?');
  const auto counted = [&](Memo* with) {
    Tally tally(small(), "gpt-4o", nullptr, {}, 500);
    tally.with(with);
    tally.text(first);
    tally.text(second);
    return tally.total();
  };
  CHECK_FALSE(counted(&memo).exact);  // the second is beyond the budget
  const auto again = counted(&memo);
  CHECK(again.exact);
  CHECK(again.tokens == Tokens{800});
  CHECK_FALSE(counted(nullptr).exact);
}

TEST_CASE("a run without a break is counted only where there is time for it") {
  const std::string run(Tally::kLongestPiece + 1, '!');
  const auto counted = [&](std::size_t budget) {
    Tally tally(small(), "gpt-4o", nullptr, {}, budget);
    tally.text("hello ");
    tally.text(run);
    return tally.total();
  };
  CHECK_FALSE(counted(Tally::kBudget).exact);
  const auto whole = counted(Tally::kNoLimit);
  CHECK(whole.exact);
  CHECK(whole.tokens.count == 2 + static_cast<std::int64_t>(run.size()));
}

TEST_CASE("a model without a vocabulary is guessed, by what its bills have taught") {
  const std::string prose =
      "It was the best of times, it was the worst of times, and nobody had counted them.";
  Calibrations known;
  for (int call = 0; call < 60; ++call) known.learn("claude/sonnet", {1000}, {1300});
  const auto counted = [&](const Calibrations* with) {
    Tally tally(small(), "sonnet", with, "claude/sonnet");
    for (int i = 0; i < 10; ++i) tally.text(prose);
    return tally.total();
  };
  const auto plain = counted(nullptr), taught = counted(&known);
  CHECK_FALSE(plain.exact);
  CHECK(plain.tokens == plain.guess);
  CHECK(taught.guess == plain.guess);
  CHECK(static_cast<double>(taught.tokens.count) ==
        Approx(1.3 * static_cast<double>(plain.guess.count)).epsilon(0.02));
}

TEST_CASE("a missing vocabulary is a guess that says so, never a wrong exact count") {
  const Library none("");
  const auto count = count_text(none, "gpt-4o", "Hello, world!");
  CHECK_FALSE(count.exact);
  CHECK(count.tokens.count >= 2);
  CHECK(count_text(small(), "gpt-4o", "hello").exact);
  CHECK_FALSE(count_text(small(), "claude-sonnet-4-5", "hello").exact);
}
