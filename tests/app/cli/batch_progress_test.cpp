#include "app/cli/batch_progress.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::cli {
namespace {

Progress half() {
  Progress out;
  out.total = 100;
  out.before = 10;
  out.completed = 38;
  out.failed = 2;
  out.took = 4s;
  out.spent.input = 100;
  out.spent.output = 23;
  out.spent.cost = from_dollars(0.5);
  return out;
}

TEST_CASE("progress says how far, how fast, what failed, what it cost and how long it will take") {
  CHECK(progress_line(half(), 120) ==
        "50/100 50 % [===============               ] 10.0/s, 2 failed, 123 tokens, $0.500000, 5 s left");
}

TEST_CASE("without room there is no bar, and nothing is wider than the terminal") {
  CHECK(progress_line(half(), 70).find('[') == std::string::npos);
  CHECK(progress_line(half(), 20).size() <= 22);
}

TEST_CASE("before the first answer nothing is promised") {
  Progress begun;
  begun.total = 5;
  CHECK(progress_line(begun, 60) == "0/5 0 % [                              ] 0.0/s");
  CHECK_FALSE(begun.left());
}

TEST_CASE("usage is read in every dialect's words") {
  CHECK(spent_of(R"({"usage":{"prompt_tokens":3,"completion_tokens":4}})", "").output == 4);
  const auto other = spent_of(R"({"usage":{"input_tokens":3,"output_tokens":4}})", "0.25");
  CHECK(other.input == 3);
  CHECK(other.cost == from_dollars(0.25));
  CHECK_FALSE(spent_of("no json", "much").cost);
}

TEST_CASE("the summary counts what an earlier run has finished") {
  const auto json = summary_json(half(), "o");
  CHECK(json["completed"] == 48);
  CHECK(json["failed"] == 2);
  CHECK(json["by_an_earlier_run"] == 10);
  CHECK(json["cost_usd"] == "0.500000");
  CHECK(
      summary_text(half(), "o").starts_with("100 lines: 48 completed, 2 failed (10 by an earlier run), 4 s"));
}

}  // namespace
}  // namespace troupe::cli
