#include "gateway/dialects/embeddings/shapes.hpp"

#include "tests/support/catch.hpp"

namespace troupe::dialects::embeddings {
namespace {

Question two() {
  Question out;
  out.texts = {"a", "b"};
  out.dimensions = 256;
  out.own = {
      {"input_type", "search_query"}, {"task_type", "CLUSTERING"}, {"truncate", true}, {"normalize", false}};
  return out;
}

Json written(const Shape& shape, const Question& question) {
  const auto body = shape.write(question, "m");
  if (!body) FAIL(body.error().message);
  return Json::parse(*body);
}

}  // namespace

TEST_CASE("Gemini is asked for all texts at once, each with its settings") {
  const auto body = written(kGemini, two());
  REQUIRE(body["requests"].size() == 2);
  CHECK(body["requests"][1] == Json{{"model", "models/m"},
                                    {"content", {{"parts", Json::array({{{"text", "b"}}})}}},
                                    {"outputDimensionality", 256},
                                    {"taskType", "CLUSTERING"}});
  const auto answer = kGemini.read(R"({"embeddings":[{"values":[1,0.5]},{"values":[2,3]}]})");
  REQUIRE(answer);
  CHECK(answer->vectors == std::vector<std::vector<double>>{{1, 0.5}, {2, 3}});
  CHECK_FALSE(answer->usage);
  CHECK(kGemini.read(R"({"embeddings":[{"values":[1]}],"usageMetadata":{"promptTokenCount":4}})")
            ->usage->input.count == 4);
}

TEST_CASE("Vertex AI predicts for all texts at once, and counts each") {
  const auto body = written(kVertex, two());
  CHECK(body["instances"][1] == Json{{"content", "b"}, {"task_type", "CLUSTERING"}});
  CHECK(body["parameters"] == Json{{"outputDimensionality", 256}});
  const auto answer = kVertex.read(
      R"({"predictions":[{"embeddings":{"values":[1,2],"statistics":{"token_count":10,"truncated":false}}},)"
      R"({"embeddings":{"values":[3],"statistics":{"token_count":4}}}]})");
  REQUIRE(answer);
  CHECK(answer->vectors == std::vector<std::vector<double>>{{1, 2}, {3}});
  CHECK(answer->usage->input.count == 14);
  CHECK_FALSE(kVertex.read(R"({"predictions":[{"values":[1]}]})"));
}

TEST_CASE("Cohere is told what the texts are for") {
  const auto body = written(kCohere, two());
  CHECK(body["texts"] == Json::array({"a", "b"}));
  CHECK(body["input_type"] == "search_query");
  CHECK(body["embedding_types"] == Json::array({"float"}));
  CHECK(body["output_dimension"] == 256);
  CHECK(body["model"] == "m");
  Question plain;
  plain.texts = {"a"};
  CHECK(written(kCohere, plain)["input_type"] == "search_document");
  CHECK_FALSE(written(kCohereOnBedrock, plain).contains("model"));
  const auto answer = kCohere.read(
      R"({"id":"x","embeddings":{"float":[[1,2],[3,4]]},"meta":{"billed_units":{"input_tokens":5}}})");
  REQUIRE(answer);
  CHECK(answer->vectors.size() == 2);
  CHECK(answer->usage->input.count == 5);
  CHECK(kCohereOnBedrock.read(R"({"embeddings":[[1,2]],"response_type":"embeddings_floats"})")
            ->vectors[0]
            .size() == 2);
}

TEST_CASE("Titan takes one text a call, and says so") {
  const auto body = kTitan.write(two(), "m");
  REQUIRE_FALSE(body);
  CHECK(body.error().param == "input");
  auto one = two();
  one.texts.pop_back();
  CHECK(written(kTitan, one) == Json{{"inputText", "a"}, {"dimensions", 256}, {"normalize", false}});
  const auto answer = kTitan.read(R"({"embedding":[0.5,1],"inputTextTokenCount":3})");
  REQUIRE(answer);
  CHECK(answer->vectors[0] == std::vector<double>{0.5, 1});
  CHECK(answer->usage->input.count == 3);
}

TEST_CASE("Ollama is asked in its own words") {
  CHECK(written(kOllama, two()) ==
        Json{{"model", "m"}, {"input", {"a", "b"}}, {"dimensions", 256}, {"truncate", true}});
  const auto answer = kOllama.read(R"({"model":"m","embeddings":[[1],[2]],"prompt_eval_count":6})");
  REQUIRE(answer);
  CHECK(answer->vectors.size() == 2);
  CHECK(answer->usage->input.count == 6);
}

TEST_CASE("an answer without vectors is none") {
  for (const auto* shape : {&kGemini, &kVertex, &kCohere, &kCohereOnBedrock, &kTitan, &kOllama}) {
    for (const auto* body :
         {"", "[]", "{}", R"({"embeddings":[]})", R"({"embeddings":["x"]})", R"({"embedding":1})"})
      CHECK_FALSE(shape->read(body));
  }
}

}  // namespace troupe::dialects::embeddings
