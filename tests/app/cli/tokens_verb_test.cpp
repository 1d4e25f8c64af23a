#include "app/cli/tokens_verb.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

using namespace troupe::cli;
using Json = nlohmann::json;

namespace {

struct Ran {
  int code;
  std::string out, err;
};

Ran ran(const TokensOptions& options, bool json = true) {
  std::ostringstream out, err;
  Context context;
  context.globals.json = json;
  context.out = &out;
  context.err = &err;
  const int code = run_tokens_count(context, options);
  return {code, out.str(), err.str()};
}

struct File {
  troupe::testing::Folder folder;
  std::string path = folder / "text";
  explicit File(const std::string& text) { std::ofstream(path) << text; }
};

TokensOptions counting(std::vector<std::string> files, std::string model = "gpt-4o") {
  TokensOptions options;
  options.files = std::move(files);
  options.model = std::move(model);
  options.directory = "/nowhere";  // guesses are the same on every machine
  return options;
}

}  // namespace

TEST_CASE("a guess says that it is one, and why") {
  const File file("Hello, world!");
  const auto missing = Json::parse(ran(counting({file.path})).out);
  CHECK(missing["exact"] == false);
  CHECK(missing["encoding"] == "o200k_base");
  CHECK(missing["tokens"] > 1);
  CHECK(missing["why"].get<std::string>().find("/nowhere/o200k_base.tokens") != std::string::npos);
  const auto foreign = Json::parse(ran(counting({file.path}, "claude-sonnet-4-5")).out);
  CHECK(foreign["encoding"].is_null());
  CHECK(foreign["why"].get<std::string>().find("not published") != std::string::npos);
  CHECK(ran(counting({file.path}), false).out.find("about ") == 0);
}

TEST_CASE("several files are a row each, in their order") {
  const File one("one"), two("two words");
  const auto rows = Json::parse(ran(counting({one.path, two.path})).out);
  REQUIRE(rows.size() == 2);
  CHECK(rows[1]["file"] == two.path);
  CHECK(ran(counting({one.path, two.path}), false).out.find(one.path + ": about 1 ") == 0);
}

TEST_CASE("a chat request is counted with its framing, and what is none is refused") {
  const File chat(R"({"messages":[{"role":"user","content":"hi"}]})"), text("hi");
  auto options = counting({chat.path});
  options.chat = true;
  const auto framed = Json::parse(ran(options).out);
  CHECK(framed["tokens"] == 8);
  options.files = {text.path};
  CHECK(ran(options).code == failed);
}

TEST_CASE("an unknown encoding and a missing file are told apart") {
  auto options = counting({"/nowhere/at-all"});
  CHECK(ran(options).code == failed);
  CHECK(ran(options).err.find("/nowhere/at-all") != std::string::npos);
  options.encoding = "o300k";
  CHECK(ran(options).code == usage);
  CHECK(ran(options).err.find("o300k") != std::string::npos);
}
