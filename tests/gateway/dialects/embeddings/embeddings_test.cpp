#include "gateway/dialects/embeddings/embeddings.hpp"

#include "tests/support/catch.hpp"

namespace troupe::dialects::embeddings {

TEST_CASE("a text or a list of texts is read, with what is none of OpenAI's beside it") {
  const auto one = read_question(R"({"model":"m","input":"a"})");
  REQUIRE(one);
  CHECK(one->texts == std::vector<std::string>{"a"});
  CHECK_FALSE(one->base64);
  const auto more = read_question(
      R"({"model":"m","input":["a","b"],"dimensions":256,"encoding_format":"base64","input_type":"x","user":"u"})");
  REQUIRE(more);
  CHECK(more->texts.size() == 2);
  CHECK(more->dimensions == 256);
  CHECK(more->base64);
  CHECK(more->own == Json{{"input_type", "x"}});
}

TEST_CASE("token arrays are refused with a word of what to do") {
  for (const auto* input : {"[1,2]", "[[1,2],[3]]"}) {
    const auto asked = read_question(std::string(R"({"model":"m","input":)") + input + "}");
    REQUIRE_FALSE(asked);
    CHECK(asked.error().fault == Fault::caller_bad_request);
    CHECK(asked.error().param == "input");
    CHECK(asked.error().message.find("token arrays") != std::string::npos);
  }
  CHECK_FALSE(read_question(R"({"model":"m","input":[]})"));
  CHECK_FALSE(read_question(R"({"model":"m","input":[{}]})"));
  CHECK(read_question(R"({"model":"m","input":"a","encoding_format":"int8"})").error().param ==
        "encoding_format");
}

TEST_CASE("vectors are told as numbers or as little-endian floats") {
  const Answer answer{{{1.0, -0.5, 0.016296387}, {0.25}}, std::nullopt};
  const auto plain = Json::parse(write_answer(answer, false, "m", {7}));
  CHECK(plain["data"][0]["embedding"] == Json::array({1.0, -0.5, 0.016296387}));
  CHECK(plain["data"][1]["index"] == 1);
  CHECK(plain["model"] == "m");
  CHECK(plain["usage"] == Json{{"prompt_tokens", 7}, {"total_tokens", 7}});
  const auto packed =
      Json::parse(write_answer({{{1.0, -0.5}}, Usage{{3}, {}, {}, {}, {}, {}, false}}, true, "m", {7}));
  CHECK(packed["data"][0]["embedding"] == "AACAPwAAAL8=");
  CHECK(packed["usage"]["prompt_tokens"] == 3);
}

}  // namespace troupe::dialects::embeddings
