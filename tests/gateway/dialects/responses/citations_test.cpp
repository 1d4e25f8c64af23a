#include "gateway/dialects/responses/citations.hpp"

#include "tests/support/catch.hpp"

namespace troupe::dialects::responses {

TEST_CASE("a ruler counts characters of a long text that grows, as a plain count does") {
  std::string text;
  std::vector<std::size_t> starts;
  Ruler growing;
  for (int i = 0; i < 1500; ++i) {
    starts.push_back(text.size());
    text += i % 3 == 0 ? "a" : i % 3 == 1 ? "é" : "😀";
    if (i % 97 == 0) CHECK(growing.chars(text, static_cast<std::int64_t>(text.size())) == i + 1);
  }
  Ruler ruler;
  for (std::size_t i = 0; i < starts.size(); i += 7) {
    CHECK(ruler.chars(text, static_cast<std::int64_t>(starts[i])) == static_cast<std::int64_t>(i));
    CHECK(growing.bytes(text, static_cast<std::int64_t>(i)) == static_cast<std::int64_t>(starts[i]));
  }
  CHECK(ruler.bytes(text, 1'000'000'000'000) == static_cast<std::int64_t>(text.size()));
  CHECK(ruler.bytes(text, -5) == 0);
  CHECK(ruler.chars(text, -5) == 0);
  CHECK(Ruler().bytes("", 3) == 0);
}

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
