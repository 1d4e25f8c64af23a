#include "gateway/dialects/sse.hpp"

#include <vector>

#include "core/random.hpp"
#include "tests/support/catch.hpp"

using troupe::Random;
using troupe::dialects::SseFrame;
using troupe::dialects::SseSplitter;

namespace {

struct Got {
  std::string event, data, raw;
  bool plain;
};

void drain(SseSplitter& splitter, std::vector<Got>& into) {
  while (const auto frame = splitter.next()) {
    into.push_back(
        {std::string(frame->event), std::string(frame->data), std::string(frame->raw), frame->plain});
  }
}

std::vector<Got> split(std::string_view text, std::size_t piece) {
  SseSplitter splitter;
  std::vector<Got> got;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    const std::string copy(text.substr(at, piece));
    splitter.push(copy);
    drain(splitter, got);
  }
  if (const auto frame = splitter.finish())
    got.push_back(
        {std::string(frame->event), std::string(frame->data), std::string(frame->raw), frame->plain});
  return got;
}

std::vector<std::string> data_of(std::string_view text, std::size_t piece = 1000) {
  std::vector<std::string> out;
  for (auto& got : split(text, piece)) out.push_back(got.data);
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("frames are found whatever the line ends are and however the bytes are cut") {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    const auto text = "data: one" + end + end + ": note" + end + "event: e" + end + "data: two" + end + end +
                      "data:three" + end + end;
    for (std::size_t piece = 1; piece < text.size() + 1; ++piece) {
      const auto got = split(text, piece);
      INFO("line end of " << end.size() << " bytes, pieces of " << piece);
      REQUIRE(got.size() == 3);
      CHECK(got[0].data == "one");
      CHECK(got[1].data == "two");
      CHECK(got[1].event == "e");
      CHECK(got[2].data == "three");
      CHECK(got[2].event.empty());
    }
  }
}

TEST_CASE("several data lines are one text") {
  CHECK(data_of("data: a\ndata: b\ndata:\ndata:  c\n\n") == Texts{"a\nb\n\n c"});
}

TEST_CASE("a plain frame carries its own bytes") {
  const auto got =
      split("data: {\"a\":1}\n\n: hi\n\ndata: x\r\n\r\n: hi\ndata: y\n\nevent: e\ndata: z\n\n", 7);
  REQUIRE(got.size() == 4);
  CHECK(got[0].plain);
  CHECK(got[0].raw == "data: {\"a\":1}\n\n");
  CHECK_FALSE(got[1].plain);
  CHECK_FALSE(got[2].plain);
  CHECK(got[3].plain);
  CHECK(got[3].raw == "event: e\ndata: z\n\n");
}

TEST_CASE("comments, empty frames and a byte order mark say nothing") {
  CHECK(data_of("\xEF\xBB\xBF"
                "data: a\n\n: keep-alive\n\n\n\n\nid: 4\nretry: 9\n\ndata\n\n") == Texts{"a", ""});
}

TEST_CASE("what stands at the end without its blank line is a frame") {
  CHECK(data_of("data: a\n\ndata: [DONE]") == Texts{"a", "[DONE]"});
  CHECK(data_of("data: a\n\ndata: [DONE]\n", 3) == Texts{"a", "[DONE]"});
  CHECK(data_of("data: a\n\n: bye") == Texts{"a"});
}

TEST_CASE("a frame of more than 4 MiB ends the splitter") {
  SseSplitter splitter;
  std::vector<Got> got;
  const std::string piece(1 << 20, 'x');
  splitter.push("data: a\n\ndata: ");
  drain(splitter, got);
  for (int i = 0; i < 5; ++i) {
    splitter.push(piece);
    drain(splitter, got);
  }
  CHECK(splitter.overflowed());
  CHECK(got.size() == 1);
  splitter.push("\n\ndata: b\n\n");
  drain(splitter, got);
  CHECK(got.size() == 1);
}

TEST_CASE("many frames in random pieces come out as they went in") {
  Random random(7);
  std::string text;
  Texts sent;
  for (int i = 0; i < 500; ++i) {
    const char* ends[] = {"\n", "\r\n", "\r"};
    const std::string end = ends[random.below(3)];
    sent.push_back(std::string(random.below(90), 'a') + std::to_string(i));
    text += "data: " + sent.back() + end + end;
  }
  SseSplitter splitter;
  std::vector<Got> got;
  for (std::size_t at = 0; at < text.size();) {
    const auto size = 1 + random.below(200);
    splitter.push(std::string_view(text).substr(at, size));
    drain(splitter, got);
    at += size;
  }
  REQUIRE(got.size() == sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) CHECK(got[i].data == sent[i]);
}
