#include "gateway/dialects/responses/citations.hpp"

#include "tests/support/catch.hpp"

namespace troupe::dialects::responses {

TEST_CASE("annotations count characters, citations bytes of the whole message") {
  Citation citation{"https://a.example", "A", "q", 12, 14, Dialect::responses, nullptr};
  std::string out;
  Ruler ruler;
  append_annotation(out, citation, {"äöx", 10}, ruler);
  const auto json = Json::parse(out);
  CHECK(json["type"] == "url_citation");
  CHECK(json["start_index"] == 1);
  CHECK(json["end_index"] == 2);
  CHECK(read_annotation(json, {"äöx", 10}, ruler) == citation);
}

TEST_CASE("what has no address is cited by its title, and OpenAI's own files as they were") {
  std::string out;
  Ruler ruler;
  append_annotation(out, {"", "report.pdf", "", 0, 0, Dialect::anthropic, {{"type", "char_location"}}},
                    {"x", 0}, ruler);
  CHECK(Json::parse(out)["filename"] == "report.pdf");
  CHECK(Json::parse(out)["type"] == "file_citation");
  const Json own = {{"type", "file_citation"}, {"file_id", "f1"}, {"filename", "a.txt"}, {"index", 3}};
  const auto citation = read_annotation(own, {"x", 0}, ruler);
  CHECK(citation.title == "a.txt");
  out.clear();
  append_annotation(out, citation, {"x", 0}, ruler);
  CHECK(Json::parse(out) == own);
}

TEST_CASE("an annotation of wrong types is a citation of nothing") {
  Ruler ruler;
  const Json odd = {{"type", "url_citation"}, {"url", 5}, {"start_index", "a"}, {"end_index", -3}};
  const auto citation = read_annotation(odd, {"x", 0}, ruler);
  CHECK(citation.url.empty());
  CHECK(citation.end == 0);
}

}  // namespace troupe::dialects::responses
