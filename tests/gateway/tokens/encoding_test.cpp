#include "gateway/tokens/encoding.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::tokens;

TEST_CASE("a model's vocabulary is known by its name, whoever serves it") {
  for (const char* model :
       {"gpt-4o", "gpt-4o-mini-2024-07-18", "openai/gpt-4o", "ft:gpt-4o-2024-08-06:org::id", "gpt-4.1-nano",
        "gpt-5", "gpt-5.1-codex", "o1", "o3-mini", "o4-mini", "chatgpt-4o-latest", "openai.gpt-oss-120b-1:0",
        "together/openai/gpt-oss-20b"}) {
    CAPTURE(model);
    CHECK(encoding_of(model) == Encoding::o200k_base);
  }
  for (const char* model : {"gpt-4", "gpt-4-turbo-2024-04-09", "gpt-3.5-turbo", "gpt-35-turbo",
                            "text-embedding-3-small", "text-embedding-ada-002", "ft:gpt-3.5-turbo:org"}) {
    CAPTURE(model);
    CHECK(encoding_of(model) == Encoding::cl100k_base);
  }
  CHECK(encoding_of("text-davinci-003") == Encoding::p50k_base);
  CHECK(encoding_of("gpt2") == Encoding::r50k_base);
}

TEST_CASE("other makers' models have no vocabulary of OpenAI's, however alike their names") {
  for (const char* model : {"", "claude-sonnet-4-5", "gemini-2.5-pro", "llama-3", "o1x", "gpt-4omega",
                            "gpt-40", "mistral-large", "ft:", "/"}) {
    CAPTURE(model);
    CHECK_FALSE(encoding_of(model));
  }
}

TEST_CASE("an encoding's name leads back to it") {
  for (const auto encoding : kEncodings) {
    CHECK(encoding_named(name(encoding)) == encoding);
    CHECK(encoding_of(name(encoding)) == encoding);
  }
  CHECK_FALSE(encoding_named("o200k"));
}
