#include "gateway/batch/journal.hpp"

#include "tests/support/catch.hpp"

namespace troupe::batch {
namespace {

const std::string kWhole = journal_line(3, true, R"({"a":1})") + journal_line(0, false, R"({"bb":2})");

JournalReader read(const std::string& text, std::size_t piece = 1000) {
  JournalReader out;
  for (std::size_t at = 0; at < text.size(); at += piece) out.feed(std::string_view(text).substr(at, piece));
  return out;
}

TEST_CASE("a journal names what is finished and where its output lies, read in any pieces") {
  for (std::size_t piece = 1; piece < kWhole.size(); ++piece) {
    const auto journal = read(kWhole, piece);
    REQUIRE(journal.entries().size() == 2);
    CHECK(journal.length() == kWhole.size());
    const auto& first = journal.entries()[0];
    const auto& second = journal.entries()[1];
    CHECK(first.line == 3);
    CHECK(first.good);
    CHECK(kWhole.substr(first.offset, first.size) == R"({"a":1})");
    CHECK(second.line == 0);
    CHECK_FALSE(second.good);
    CHECK(kWhole.substr(second.offset, second.size) == R"({"bb":2})");
  }
}

TEST_CASE("a torn last line was never finished, wherever it is torn") {
  const auto first = journal_line(3, true, R"({"a":1})").size();
  for (std::size_t cut = first; cut < kWhole.size(); ++cut) {
    const auto journal = read(kWhole.substr(0, cut));
    CHECK(journal.entries().size() == 1);
    CHECK(journal.length() == first);
  }
}

TEST_CASE("behind a record that is none nothing counts") {
  for (const std::string bad :
       {"x + {}\n", "1 {}\n", "1 + \n", "\n", "1 ? {}\n", "99999999 + {}\n", "1 + {\n"}) {
    const auto journal = read(kWhole + bad + kWhole);
    CHECK(journal.entries().size() == 2);
    CHECK(journal.length() == kWhole.size());
  }
}

TEST_CASE("an answer becomes one line of the output, whatever its own layout") {
  const auto line =
      output_line("batch_req_1", "my \"id\"", {200, "req_7", "{\n  \"z\": 1,\n  \"a\": \"x\\ny\"\n}\n", {}});
  REQUIRE(line);
  CHECK(*line == R"({"id":"batch_req_1","custom_id":"my \"id\"","response":{"status_code":200,)"
                 R"("request_id":"req_7","body":{"z":1,"a":"x\ny"}},"error":null})");
  CHECK_FALSE(output_line("i", "c", {200, "r", "<html>", {}}));
  CHECK_FALSE(output_line("i", "c", {200, "r", "", {}}));
}

TEST_CASE("a request that was never answered becomes an error with a code") {
  CHECK(
      error_line("i", "c", "batch_expired", "too late") ==
      R"({"id":"i","custom_id":"c","response":null,"error":{"code":"batch_expired","message":"too late"}})");
}

}  // namespace
}  // namespace troupe::batch
