#include "gateway/batch/multipart.hpp"

#include "tests/support/catch.hpp"

namespace troupe::batch {
namespace {

/// What came, as text: "name|filename|data\n".
struct Heard final : FormSink {
  std::string text;
  void part(const PartHead& head) override { text += head.name + "|" + head.filename.value_or("-") + "|"; }
  void data(std::string_view bytes) override { text += bytes; }
  void part_end() override { text += "\n"; }
};

std::string crlf(std::string text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? "\r\n" : std::string(1, c);
  return out;
}

const std::string kForm = crlf(R"(before
--xyz
Content-Disposition: form-data; name="purpose"

batch
--xyz
content-type: application/jsonl
CONTENT-DISPOSITION: form-data; filename="a \"b\".jsonl"; name=file

{"a":1}
--xy not the end

--xyz--
after)");

TEST_CASE("a form is read the same in whatever pieces it comes") {
  const std::string wanted = "purpose|-|batch\nfile|a \"b\".jsonl|{\"a\":1}\r\n--xy not the end\r\n\n";
  for (std::size_t piece = 1; piece <= kForm.size(); ++piece) {
    Multipart form("xyz");
    Heard heard;
    for (std::size_t at = 0; at < kForm.size(); at += piece) form.feed(kForm.substr(at, piece), heard);
    CHECK(form.state() == Multipart::State::done);
    CHECK(heard.text == wanted);
  }
}

TEST_CASE("a form may begin with its boundary, and a part may be empty") {
  Multipart form("b");
  Heard heard;
  form.feed(crlf("--b\ncontent-disposition: form-data; name=x\n\n\n--b--"), heard);
  CHECK(form.state() == Multipart::State::done);
  CHECK(heard.text == "x|-|\n");
}

TEST_CASE("data is handed on before its part has ended, and only a boundary's length is kept") {
  Multipart form("b");
  Heard heard;
  form.feed(crlf("--b\ncontent-disposition: form-data; name=x\n\n") + std::string(1000, 'd'), heard);
  CHECK(heard.text.size() > 990);
}

TEST_CASE("a form that ends early is not done") {
  for (std::size_t cut = 0; cut + 10 < kForm.size(); ++cut) {
    Multipart form("xyz");
    Heard heard;
    CHECK(form.feed(kForm.substr(0, cut), heard) == Multipart::State::more);
  }
}

TEST_CASE("what is no form is refused") {
  for (const auto& text :
       {"--b rest\n", "--b\nfoo: bar\n\n", "--b\ncontent-disposition: attachment; name=x\n\n",
        "--b\ncontent-disposition: form-data\n\n"}) {
    Multipart form("b");
    Heard heard;
    CHECK(form.feed(crlf(text), heard) == Multipart::State::failed);
    CHECK_FALSE(form.why().empty());
  }
}

TEST_CASE("heads and parts have limits") {
  Multipart head("b");
  Heard heard;
  CHECK(head.feed(crlf("--b\n") + std::string(Multipart::kHead + 10, 'h'), heard) ==
        Multipart::State::failed);
  std::string many;
  for (std::size_t i = 0; i <= Multipart::kParts; ++i)
    many += crlf("--b\ncontent-disposition: form-data; name=x\n\n1\n");
  Multipart parts("b");
  CHECK(parts.feed(many, heard) == Multipart::State::failed);
}

TEST_CASE("the boundary stands in the content type") {
  CHECK(Multipart::boundary("multipart/form-data; boundary=abc") == "abc");
  CHECK(Multipart::boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b;c\"") == "a b;c");
  CHECK_FALSE(Multipart::boundary("multipart/form-data"));
  CHECK_FALSE(Multipart::boundary("multipart/mixed; boundary=abc"));
  CHECK_FALSE(Multipart::boundary("application/json"));
  CHECK_FALSE(Multipart::boundary("multipart/form-data; boundary=" + std::string(71, 'x')));
  CHECK_FALSE(Multipart::boundary("multipart/form-data; boundary="));
}

}  // namespace
}  // namespace troupe::batch
