#include "gateway/mock/route.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::mock;

TEST_CASE("a path says whose shape is meant, and for some which model and whether it streams") {
  CHECK(route("/v1/chat/completions")->dialect == Dialect::openai);
  CHECK(route("/v1/responses")->dialect == Dialect::responses);
  CHECK(route("/v2/chat")->dialect == Dialect::cohere);
  CHECK_FALSE(route("/api/chat")->stream);
  const auto gemini = route("/v1beta/models/gemini-2.5-flash:streamGenerateContent");
  REQUIRE(gemini);
  CHECK(gemini->dialect == Dialect::gemini);
  CHECK(gemini->model == "gemini-2.5-flash");
  CHECK(gemini->stream == true);
  const auto vertex = route("/v1/projects/p/locations/l/publishers/google/models/m:generateContent");
  CHECK(vertex->model == "m");
  CHECK(vertex->stream == false);
  const auto converse = route("/model/us.amazon.nova-lite-v1%3A0/converse");
  CHECK(converse->dialect == Dialect::converse);
  CHECK(converse->model == "us.amazon.nova-lite-v1:0");
  CHECK(route("/model/a%2Fb%zz/converse-stream")->model == "a/b%zz");
}

TEST_CASE("other paths are no conversations") {
  for (const auto* path :
       {"/v1/embeddings", "/model//converse", "/models/:generateContent", "/model/m/invoke", "/"})
    CHECK_FALSE(route(path));
}
