#include "gateway/batch/line.hpp"

#include "tests/support/catch.hpp"

namespace troupe::batch {
namespace {

const std::string kChat = "/v1/chat/completions";

std::string line(const std::string& id, const std::string& body = R"({"model":"m"})") {
  return R"({"custom_id":")" + id + R"(","method":"POST","url":"/v1/chat/completions","body":)" + body + "}";
}

TEST_CASE("a line's body keeps its order and its numbers, without white space") {
  const auto read =
      read_line(line("a", R"({ "z" : 1.50, "a":[1, 18446744073709551615], "t":"\u00e9 \" x" })"), kChat);
  REQUIRE(read);
  CHECK(read->custom_id == "a");
  CHECK(read->url == kChat);
  CHECK(read->body == "{\"z\":1.5,\"a\":[1,18446744073709551615],\"t\":\"\u00e9 \\\" x\"}");
}

TEST_CASE("what is wrong with a line is said with the field") {
  struct Case {
    std::string text, code, param;
  };
  const std::vector<Case> cases{
      {"{", "invalid_json_line", ""},
      {"[1]", "invalid_json_line", ""},
      {"{}{}", "invalid_json_line", ""},
      {"{\"custom_id\":\"\xff\"}", "invalid_json_line", ""},
      {R"({"method":"POST"})", "missing_required_parameter", "custom_id"},
      {R"({"custom_id":7})", "missing_required_parameter", "custom_id"},
      {R"({"custom_id":"a"})", "missing_required_parameter", "method"},
      {R"({"custom_id":"a","method":"GET"})", "invalid_method", "method"},
      {R"({"custom_id":"a","method":"POST"})", "missing_required_parameter", "url"},
      {R"({"custom_id":"a","method":"POST","url":"/v1/embeddings"})", "mismatched_endpoint", "url"},
      {R"({"custom_id":"a","method":"POST","url":"/v1/chat/completions"})", "missing_required_parameter",
       "body"},
      {line("a", "[]"), "invalid_type", "body"},
      {line("a", R"({"stream":true})"), "invalid_value", "body.stream"},
      {line(std::string(513, 'x')), "invalid_custom_id", "custom_id"},
      {std::string(kLongestLine + 1, ' '), "line_too_long", ""},
  };
  for (const auto& [text, code, param] : cases) {
    const auto read = read_line(text, kChat);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == code);
    CHECK(read.error().param == param);
    CHECK_FALSE(read.error().message.empty());
  }
}

TEST_CASE("without a batch's endpoint every endpoint of batches will do") {
  CHECK(read_line(line("a"), ""));
  const auto other = read_line(R"({"custom_id":"a","method":"POST","url":"/v1/files","body":{}})", "");
  REQUIRE_FALSE(other);
  CHECK(other.error().code == "invalid_url");
}

TEST_CASE("mistakes of an input carry the number of their line, blank ones counted") {
  InputCheck check(kChat);
  CHECK_FALSE(check.next(line("a")));
  CHECK_FALSE(check.next(" \r"));
  const auto twice = check.next(line("a"));
  REQUIRE(twice);
  CHECK(twice->code == "duplicate_custom_id");
  CHECK(twice->line == 3);
  CHECK(check.next("nonsense")->line == 4);
  CHECK(check.requests() == 3);
  CHECK_FALSE(check.end());
}

TEST_CASE("an input without a request is refused") {
  InputCheck check(kChat);
  CHECK_FALSE(check.next(""));
  REQUIRE(check.end());
  CHECK(check.end()->code == "empty_file");
}

TEST_CASE("an input has at most 50000 requests, said once") {
  InputCheck check(kChat);
  for (std::size_t i = 0; i < kMostLines; ++i) REQUIRE_FALSE(check.next(line(std::to_string(i))));
  CHECK(check.next(line("more"))->code == "too_many_requests");
  CHECK_FALSE(check.next(line("and more")));
}

}  // namespace
}  // namespace troupe::batch
