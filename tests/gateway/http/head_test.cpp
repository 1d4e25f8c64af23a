#include "gateway/http/head.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::http;

namespace {

struct Fed {
  RequestHead head;
  ParseState state = ParseState::more;
  int status = 0;
};

/// Feeds `text` in pieces of `step` bytes, as a connection would: unconsumed bytes come again with the next
/// piece.
Fed feed(const std::string& text, std::size_t step, std::size_t header_limit = 4096,
         std::size_t body_limit = 1000) {
  Fed fed;
  RequestParser parser(fed.head, header_limit, body_limit);
  std::string pending;
  for (std::size_t at = 0;
       at < text.size() && fed.state != ParseState::done && fed.state != ParseState::failed; at += step) {
    pending += text.substr(at, step);
    std::size_t used = 0;
    fed.state = parser.feed(pending, used);
    pending.erase(0, used);
  }
  fed.status = parser.status();
  return fed;
}

}  // namespace

TEST_CASE("a request is the same in whatever pieces it comes") {
  const std::string text =
      "POST /v1/chat/completions?x=1 HTTP/1.1\r\nHost: a\r\nX-Api-KEY: k \r\nContent-Length: 5\r\n\r\nhello";
  for (const std::size_t step : {1UL, 2UL, 7UL, 1000UL}) {
    const auto fed = feed(text, step);
    REQUIRE(fed.state == ParseState::done);
    CHECK(fed.head.method == "POST");
    CHECK(fed.head.path() == "/v1/chat/completions");
    CHECK(fed.head.find("x-api-key") == "k");
    CHECK(fed.head.find("absent").empty());
    CHECK(fed.head.body == "hello");
  }
}

TEST_CASE("an empty chunked body may come byte by byte") {
  const auto fed = feed("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 1);
  CHECK(fed.state == ParseState::done);
  CHECK(fed.head.body.empty());
}

TEST_CASE("a chunked request body is joined") {
  const auto fed = feed(
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
      3);
  REQUIRE(fed.state == ParseState::done);
  CHECK(fed.head.body == "abcde");
}

TEST_CASE("a request that is no HTTP is refused with 400") {
  CHECK(feed("\x16\x03\x01\x02\x00\x01", 100).state == ParseState::failed);
  const auto both =
      feed("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 1000);
  CHECK(both.state == ParseState::failed);
  CHECK(both.status == 400);
  CHECK(feed("POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 1000).state ==
        ParseState::failed);
}

TEST_CASE("a head over the limit, in bytes or in fields, is refused with 431") {
  const auto large = feed("GET / HTTP/1.1\r\nX: " + std::string(5000, 'a') + "\r\n\r\n", 100000);
  CHECK(large.state == ParseState::failed);
  CHECK(large.status == 431);
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 300; ++i) many += "a:b\r\n";
  const auto fields = feed(many + "\r\n", 100000);
  CHECK(fields.state == ParseState::failed);
  CHECK(fields.status == 431);
}

TEST_CASE("a body over the limit is refused with 413 before it is read") {
  const auto claimed = feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n", 1000);
  CHECK(claimed.state == ParseState::failed);
  CHECK(claimed.status == 413);
  std::string chunks = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 3; ++i) chunks += "200\r\n" + std::string(512, 'x') + "\r\n";
  const auto grown = feed(chunks, 100);
  CHECK(grown.state == ParseState::failed);
  CHECK(grown.status == 413);
}

TEST_CASE("bodies posted to the path that takes them piece by piece have no limit, others have") {
  const auto feed = [](const std::string& start) {
    RequestHead head;
    RequestParser parser(head, 1000, 10, "/stream");
    std::size_t used = 0;
    return parser.feed(start + " HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n", used);
  };
  CHECK(feed("POST /stream") == ParseState::head);
  CHECK(feed("POST /stream?a=b") == ParseState::head);
  CHECK(feed("POST /stream/more") == ParseState::failed);
  CHECK(feed("PUT /stream") == ParseState::failed);
  CHECK(feed("POST /other") == ParseState::failed);
}

TEST_CASE("a cleared head keeps nothing of the request before") {
  auto fed = feed("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", 1000);
  fed.head.clear();
  CHECK(fed.head.find("host").empty());
  CHECK(fed.head.body.empty());
  CHECK_FALSE(fed.head.head_done);
}

TEST_CASE("an answer without a length ends with its connection, one with a length does not") {
  std::size_t used = 0;
  ResponseParser open;
  CHECK(open.feed("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n", used) ==
        ParseState::head);
  CHECK(open.body() == "data: 1\n\n");
  CHECK(open.head().find("content-type") == "text/event-stream");
  CHECK(open.feed_end() == ParseState::done);
  ResponseParser cut;
  cut.feed("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", used);
  CHECK(cut.feed_end() == ParseState::failed);
  ResponseParser chunked;
  chunked.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", used);
  CHECK(chunked.feed_end() == ParseState::failed);
}

TEST_CASE("a whole answer leaves a reusable connection unless it says otherwise") {
  std::size_t used = 0;
  ResponseParser kept;
  CHECK(kept.feed("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 2\r\n\r\n{}", used) == ParseState::done);
  CHECK(kept.head().status == 429);
  CHECK(kept.reusable());
  ResponseParser closed;
  closed.feed("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", used);
  CHECK_FALSE(closed.reusable());
}
