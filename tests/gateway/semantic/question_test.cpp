#include "gateway/semantic/question.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using dialects::Operation;

namespace {

constexpr cache::Circle kCircle{"t", "p", "a"};

std::optional<semantic::Question> question(std::string_view body, Operation operation = Operation::chat) {
  auto parsed = dialects::parse_request(operation, std::string(body));
  REQUIRE(parsed);
  return semantic::question_of(*parsed, kCircle);
}

}  // namespace

TEST_CASE("the last thing that the user said is the question, the rest its frame") {
  const auto one = question(
      R"({"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"}]})");
  const auto two = question(
      R"({"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":"ho"}],"user":"u"})");
  const auto other = question(
      R"({"model":"m","messages":[{"role":"system","content":"z"},{"role":"user","content":"hi"}]})");
  REQUIRE((one && two && other));
  CHECK(one->text == "hi");
  CHECK(two->text == "ho");
  CHECK(one->frame == two->frame);
  CHECK_FALSE(one->frame == other->frame);
}

TEST_CASE("who asks, what it may use and what the alias is are part of the frame") {
  const auto parsed = dialects::parse_request(Operation::chat,
                                              R"({"model":"m","messages":[{"role":"user","content":"hi"}]})");
  REQUIRE(parsed);
  const auto frame = [&](cache::Circle circle) { return semantic::question_of(*parsed, circle)->frame; };
  const auto one = frame(kCircle);
  CHECK(one == frame(kCircle));
  CHECK_FALSE(one == frame({"u", "p", "a"}));
  CHECK_FALSE(one == frame({"t", "q", "a"}));
  CHECK_FALSE(one == frame({"t", "p", "b"}));
}

TEST_CASE("one text among parts is found in each dialect, and what stands beside it is the frame") {
  const auto picture = question(
      R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/y.png"}},{"type":"text","text":"what is it"}]}]})");
  const auto other = question(
      R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/z.png"}},{"type":"text","text":"what is it"}]}]})");
  REQUIRE((picture && other));
  CHECK(picture->text == "what is it");
  CHECK_FALSE(picture->frame == other->frame);
  CHECK(
      question(
          R"({"model":"m","max_tokens":5,"messages":[{"role":"user","content":[{"type":"text","text":"a"}]}]})",
          Operation::messages)
          ->text == "a");
  CHECK(question(R"({"model":"m","input":"plain"})", Operation::responses)->text == "plain");
  CHECK(question(R"({"model":"m","input":[{"role":"user","content":[{"type":"input_text","text":"b"}]}]})",
                 Operation::responses)
            ->text == "b");
}

TEST_CASE("what cannot be compared by meaning has no question") {
  CHECK_FALSE(question(
      R"({"model":"m","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]})"));
  CHECK_FALSE(question(R"({"model":"m","messages":[{"role":"user","content":""}]})"));
  CHECK_FALSE(question(
      R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]})"));
  CHECK_FALSE(question(R"({"model":"m","prompt":"a"})", Operation::completions));
  CHECK_FALSE(question(R"({"model":"m","input":"a"})", Operation::embeddings));
  CHECK_FALSE(question(R"({"model":"m","messages":[{"role":"user","content":")" + std::string(9000, 'x') +
                       R"("}]})"));
}
