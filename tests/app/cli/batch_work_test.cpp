#include "app/cli/batch_work.hpp"

#include <filesystem>
#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/folder.hpp"

namespace troupe::cli {
namespace {

const batch::LineAnswer kGood{200, "req_1", R"({"ok":true})", {}};

struct Files {
  testing::Folder folder;
  BatchOptions options;
  Files() {
    options.file = folder / "in.jsonl";
    options.out = folder / "out.jsonl";
    write(options.file, line("a") + line("b") + line("c"));
  }
  static std::string line(const std::string& id) {
    return R"({"custom_id":")" + id +
           R"(","method":"POST","url":"/v1/embeddings","body":{"z":1,"model":"m"}})"
           "\n";
  }
  static void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }
  static std::vector<Json> read(const std::string& path) {
    std::vector<Json> out;
    std::ifstream in(path);
    for (std::string text; std::getline(in, text);) out.push_back(Json::parse(text));
    return out;
  }
  std::unique_ptr<BatchWork> open() const {
    auto out = BatchWork::open(options);
    REQUIRE(out);
    return std::move(*out);
  }
  std::string why() const {
    const auto out = BatchWork::open(options);
    return out ? "" : out.error();
  }
};

TEST_CASE("answers are put together in the file's order, with what failed among them") {
  const Files files;
  const auto work = files.open();
  const auto first = *work->next(), second = *work->next(), third = *work->next();
  CHECK(first.what.body == R"({"z":1,"model":"m"})");
  work->answered(third, kGood, {1, 2, from_dollars(1)});
  work->answered(first, {400, "r", R"({"error":{}})", {}}, {});
  CHECK_FALSE(work->finished());
  work->answered(second, kGood, {1, 2, from_dollars(1)});
  CHECK(work->finished());
  CHECK_FALSE(work->next());
  CHECK(work->progress().spent.cost == from_dollars(2));
  REQUIRE(work->finish());
  const auto out = files.read(files.options.out);
  REQUIRE(out.size() == 3);
  CHECK(out[0]["custom_id"] == "a");
  CHECK(out[0]["response"]["status_code"] == 400);
  CHECK(out[2]["custom_id"] == "c");
  CHECK_FALSE(std::filesystem::exists(files.options.partial()));
}

TEST_CASE("a run that goes on sends no finished line again, whatever stands torn at the journal's end") {
  Files files;
  {
    const auto work = files.open();
    const auto first = *work->next();
    const auto second = *work->next();
    work->answered(second, kGood, {});
    (void)first;
  }
  { std::ofstream(files.options.partial(), std::ios::app) << "2 + {\"half"; }
  CHECK(files.why().find("--resume") != std::string::npos);
  files.options.resume = true;
  const auto work = files.open();
  CHECK(work->progress().before == 1);
  const auto next = *work->next(), last = *work->next();
  CHECK(next.what.custom_id == "a");
  CHECK(last.what.custom_id == "c");
  work->answered(next, kGood, {});
  work->answered(last, kGood, {});
  REQUIRE(work->finish());
  CHECK(files.read(files.options.out).size() == 3);
}

TEST_CASE("a journal of another input is not gone on with, and an output is not written over") {
  Files files;
  {
    const auto work = files.open();
    work->answered(*work->next(), kGood, {});
  }
  Files::write(files.options.file, Files::line("x") + Files::line("y"));
  files.options.resume = true;
  CHECK(files.why().find("another input") != std::string::npos);
  std::filesystem::remove(files.options.partial());
  Files::write(files.options.out, "{}\n");
  CHECK(files.why().find("is there already") != std::string::npos);
}

TEST_CASE("mistakes of the file are told with their lines before anything is sent") {
  Files files;
  Files::write(files.options.file, Files::line("a") + "nonsense\n");
  CHECK(files.why() == files.options.file + ":2: This line is not parseable as valid JSON.");
  files.options.file = files.folder / "nothing";
  CHECK(files.why().find("cannot open") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(files.options.partial()));
}

TEST_CASE("another model may be asked than the lines name") {
  Files files;
  files.options.model = "other";
  CHECK(files.open()->next()->what.body == R"({"z":1,"model":"other"})");
}

TEST_CASE("a stopped run hands out nothing more") {
  const Files files;
  const auto work = files.open();
  work->stop();
  CHECK_FALSE(work->next());
  CHECK_FALSE(work->finished());
}

}  // namespace
}  // namespace troupe::cli
