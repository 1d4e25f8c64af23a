#include "gateway/tokens/vocabulary.hpp"

#include <filesystem>
#include <fstream>

#include "core/random.hpp"
#include "tests/gateway/tokens/support.hpp"
#include "tests/support/folder.hpp"

using namespace troupe::tokens;

namespace {

using Ids = std::vector<std::uint32_t>;

std::string any_text(troupe::Random& random) {
  static const std::vector<std::string> bits{"the ", "Quick",    " fox's",    "é",    "中文", "\n\n", "  ",
                                             "123",  "👍🏽", "{\"a\":1}", "\xff", "ท",    "'ll"};
  std::string text;
  for (auto size = random.below(30); size > 0; --size) text += bits[random.below(bits.size())];
  return text;
}

}  // namespace

TEST_CASE("counts are those of the published tokenizer") {
  // From npm tiktoken 1.0.22; tests/clients compares a whole corpus.
  if (const auto* o200k = vocabulary_or_skip(Encoding::o200k_base)) {
    CHECK(*o200k->encode("Hello, world!") == Ids{13225, 11, 2375, 0});
    CHECK(o200k->count("") == 0);
    CHECK(o200k->count("Привет, как дела?") == 6);
    CHECK(o200k->count("你好，世界！今天天气怎么样？") == 9);
    CHECK(o200k->count("नमस्ते दुनिया") == 5);
    CHECK(o200k->count("👩‍🚀👨‍👩‍👧‍👦🏳️‍🌈") == 22);
    CHECK(o200k->count("def f(x):\n    return x * 2  # twice\n") == 14);
    CHECK(o200k->count(std::string(1000, 'a')) == 125);
  }
  if (const auto* cl100k = vocabulary_or_skip(Encoding::cl100k_base)) {
    CHECK(*cl100k->encode("Hello, world!") == Ids{9906, 11, 1917, 0});
    CHECK(cl100k->count("Привет, как дела?") == 8);
    CHECK(cl100k->count("你好，世界！今天天气怎么样？") == 17);
    CHECK(cl100k->count("สวัสดีชาวโลก") == 13);
    CHECK(cl100k->count("   \t\n\n  x") == 4);
    CHECK(cl100k->count(std::string_view("\0\1\x7f", 3)) == 3);
  }
}

TEST_CASE("the words of special tokens are plain text: callers cannot smuggle them in") {
  if (const auto* o200k = vocabulary_or_skip(Encoding::o200k_base)) CHECK(o200k->count("<|endoftext|>") == 7);
}

TEST_CASE("tokens put together are the text that they were made of, and count is how many they are") {
  auto random = troupe::Random(3);
  const Vocabulary small(Encoding::o200k_base, ranks_of({"th", "the", " f", "qu", "文"}));
  for (int round = 0; round < 300; ++round) {
    auto text = any_text(random);
    const auto ids = small.encode(text);
    REQUIRE(ids);
    std::string joined;
    for (const auto id : *ids) joined += small.ranks().token(id);
    for (auto at = text.find('\xff'); at != text.npos; at = text.find('\xff')) text.replace(at, 1, "\uFFFD");
    CHECK(joined == text);
    CHECK(small.count(text) == static_cast<std::int64_t>(ids->size()));
  }
}

TEST_CASE("a text costs at most one token per byte, and a text before a line of its own adds up") {
  const auto* o200k = vocabulary_or_skip(Encoding::o200k_base);
  if (o200k == nullptr) return;
  auto random = troupe::Random(9);
  for (int round = 0; round < 200; ++round) {
    const auto text = "x" + any_text(random) + "x", next = "y" + any_text(random);
    CHECK(*o200k->count(text) <= static_cast<std::int64_t>(3 * text.size()));
    // A piece ends with a line end and none begins before a letter: here, a cut changes nothing.
    CHECK(*o200k->count(text + "\n" + next) == *o200k->count(text + "\n") + *o200k->count(next));
  }
}

TEST_CASE("a megabyte of one letter is counted in a blink") {
  const auto* o200k = vocabulary_or_skip(Encoding::o200k_base);
  if (o200k == nullptr) return;
  for (const std::string unit : {"a", "\xe4\xb8\xad"}) {
    std::string run;
    while (run.size() < 1 << 20) run += unit;
    const auto tokens = o200k->count(run);
    REQUIRE(tokens);
    CHECK(*tokens > 1000);
  }
}

TEST_CASE("a library reads a vocabulary once, and says what is missing") {
  const troupe::testing::Folder scratch;
  std::ofstream(scratch / "o200k_base.tokens", std::ios::binary) << vocabulary_file({"ab"});
  const Library library(scratch.path().string());
  const auto* first = library.get(Encoding::o200k_base);
  REQUIRE(first != nullptr);
  std::filesystem::remove(scratch / "o200k_base.tokens");
  CHECK(library.get(Encoding::o200k_base) == first);
  CHECK(library.of_model("gpt-4o") == first);
  CHECK(library.of_model("claude-sonnet-4-5") == nullptr);
  CHECK(library.get(Encoding::cl100k_base) == nullptr);
  CHECK(library.problem(Encoding::cl100k_base).find("cl100k_base.tokens") != std::string::npos);
  CHECK(Library("").problem(Encoding::o200k_base).find("deploy/tokens") != std::string::npos);
}

TEST_CASE("vocabularies are found beside the binary, or in the share directory of its prefix") {
  const troupe::testing::Folder scratch;
  const auto binary = (scratch / "bin" / "troupe").string();
  CHECK(find_directory("/told", binary) == "/told");
  const auto share = scratch / "share" / "troupe" / "tokens";
  std::filesystem::create_directories(share);
  std::filesystem::create_directories(scratch / "bin");
  CHECK(find_directory("", binary) == share.string());
  std::filesystem::create_directories(scratch / "bin" / "tokens");
  CHECK(find_directory("", binary) == (scratch / "bin" / "tokens").string());
}
