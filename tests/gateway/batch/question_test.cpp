#include "gateway/batch/question.hpp"

#include "gateway/batch/ids.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::batch {
namespace {

Result<Question> ask(const std::string& method, const std::string& path, const std::string& query = {},
                     const std::string& body = {}) {
  return question_of(method, path, query, body, 720h);
}

const std::string kGood =
    R"({"input_file_id":"file-1","endpoint":"/v1/embeddings","completion_window":"24h","metadata":{"a":"b"}})";

TEST_CASE("each path asks for one thing") {
  CHECK(ask("GET", "/v1/files")->what == What::list_files);
  CHECK(ask("GET", "/v1/files/x")->what == What::show_file);
  CHECK(ask("GET", "/v1/files/x")->id == "x");
  CHECK(ask("DELETE", "/v1/files/x")->what == What::delete_file);
  CHECK(ask("GET", "/v1/files/x/content")->what == What::read_file);
  CHECK(ask("GET", "/v1/batches")->what == What::list_batches);
  CHECK(ask("GET", "/v1/batches/x")->what == What::show_batch);
  CHECK(ask("POST", "/v1/batches/x/cancel")->what == What::cancel_batch);
  CHECK(ask("POST", "/v1/batches", "", kGood)->what == What::make_batch);
  for (const std::string path :
       {"/v1/filesx", "/v1/files/", "/v1/files/x/other", "/v1/batches/x/content", "/v1"})
    CHECK(ask("GET", path).error().code == "unknown_url");
}

TEST_CASE("each path knows its methods") {
  CHECK(methods_of("/v1/files") == "GET, POST");
  CHECK(methods_of("/v1/files/x") == "GET, DELETE");
  CHECK(methods_of("/v1/files/x/content") == "GET");
  CHECK(methods_of("/v1/batches/x") == "GET");
  CHECK(methods_of("/v1/batches/x/cancel") == "POST");
  CHECK(methods_of("/v1/models").empty());
}

TEST_CASE("a page is asked for by its limit, its order and what comes before it") {
  const auto id = make_id(Kind::file, "n", WallTime(1s), 1);
  const auto page = ask("GET", "/v1/files", "purpose=batch&limit=7&order=asc&after=" + id);
  REQUIRE(page);
  CHECK(page->page.limit == 7);
  CHECK(page->page.ascending);
  CHECK(page->page.after == id);
  CHECK(page->purpose == "batch");
  CHECK(ask("GET", "/v1/batches")->page.limit == 20);
  for (const std::string query : {"limit=0", "limit=x", "limit=101", "limit=1x", "order=up", "after=me"})
    CHECK(ask("GET", "/v1/batches", query).error().code == "invalid_value");
}

TEST_CASE("what a new batch says is checked, and refused with the parameter's name") {
  const auto good = ask("POST", "/v1/batches", "", kGood);
  REQUIRE(good);
  CHECK(good->id == "file-1");
  CHECK(good->with["window"] == 24 * 3600);
  CHECK(good->with["metadata"]["a"] == "b");
  const std::string start = R"({"input_file_id":"file-1","endpoint":"/v1/embeddings",)";
  struct Case {
    std::string body, param;
  };
  const std::vector<Case> cases{
      {"[]", ""},
      {"{}", "input_file_id"},
      {R"({"input_file_id":7})", "input_file_id"},
      {R"({"input_file_id":"x"})", "endpoint"},
      {R"({"input_file_id":"x","endpoint":"/v1/files","completion_window":"24h"})", "endpoint"},
      {start + R"("metadata":null})", "completion_window"},
      {start + R"("completion_window":"tomorrow"})", "completion_window"},
      {start + R"("completion_window":"100ms"})", "completion_window"},
      {start + R"("completion_window":"721h"})", "completion_window"},
      {start + R"("completion_window":"24h","metadata":{"a":1}})", "metadata"},
      {start + R"("completion_window":"24h","metadata":[1]})", "metadata"},
      {start + R"("completion_window":"24h","metadata":{")" + std::string(65, 'n') + R"(":""}})", "metadata"},
      {start + R"("completion_window":"24h","metadata":{"a":")" + std::string(513, 'n') + R"("}})",
       "metadata"},
  };
  for (const auto& [body, param] : cases) {
    const auto asked = ask("POST", "/v1/batches", "", body);
    REQUIRE_FALSE(asked);
    CHECK(asked.error().fault == Fault::caller_bad_request);
    CHECK(asked.error().param == param);
  }
}

TEST_CASE("a question comes to another node as it was asked") {
  auto question = *ask("POST", "/v1/batches", "", kGood);
  question.owner = {"team", "prod"};
  question.page = {"after", 9, true};
  question.purpose = "p";
  question.offset = 1ULL << 40;
  const auto back = read_question(to_text(question));
  REQUIRE(back);
  CHECK(to_text(*back) == to_text(question));
  CHECK(back->owner.key == "prod");
  CHECK(back->offset == 1ULL << 40);
}

TEST_CASE("what is no question is none") {
  CHECK_FALSE(read_question(""));
  CHECK_FALSE(read_question("[]"));
  CHECK_FALSE(read_question(R"({"what":99})"));
  auto text = to_text(Question{});
  CHECK(read_question(text));
  text.replace(text.find("\"limit\":20"), 10, "\"limit\":-\"\"");
  CHECK_FALSE(read_question(text));
}

}  // namespace
}  // namespace troupe::batch
