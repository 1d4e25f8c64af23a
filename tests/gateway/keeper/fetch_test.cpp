#include "gateway/keeper/fetch.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <optional>

#include "tests/gateway/keeper/rig.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::keeper::testing {
namespace {

struct Fetching : Rig {
  Fetch fetch;
  std::optional<Result<cloud::Reply>> got;

  explicit Fetching(Route route = {}) : fetch(pool, clock, std::move(route)) {}
  void start(cloud::Ask ask) {
    fetch.start(std::move(ask), [this](Result<cloud::Reply> result) { got = std::move(result); });
    run();
  }
  Fault fault() {
    REQUIRE(got);
    REQUIRE_FALSE(*got);
    return got->error().fault;
  }
};

cloud::Ask ask(const std::string& url = "http://127.0.0.1:7/a?b") {
  cloud::Ask made;
  made.url = cloud::parse_url(url).value();
  made.timeout = 3s;
  made.direct = true;
  return made;
}

}  // namespace

TEST_CASE("a request is sent whole and its answer given whole, over a connection that is kept") {
  Fetching rig;
  const auto wire = rig.connection("127.0.0.1", "7");
  auto post = ask();
  post.method = "POST";
  post.headers = {{"content-type", "text/plain"}};
  post.body = "body";
  rig.start(post);
  CHECK(wire.read() ==
        "POST /a?b HTTP/1.1\r\nHost: 127.0.0.1:7\r\nUser-Agent: troupe\r\nAccept: */*\r\ncontent-type: "
        "text/plain\r\n"
        "Content-Length: 4\r\n\r\nbody");
  CHECK(rig.fetch.busy());
  wire.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 X\r\ncontent-length: 4\r\n\r\nab");
  rig.run();
  CHECK_FALSE(rig.got);
  wire.send("cd");
  rig.run();
  REQUIRE(rig.got);
  CHECK((*rig.got)->status == 201);
  CHECK((*rig.got)->body == "abcd");
  CHECK_FALSE(rig.fetch.busy());

  rig.start(ask());
  CHECK(wire.read() == "GET /a?b HTTP/1.1\r\nHost: 127.0.0.1:7\r\nUser-Agent: troupe\r\nAccept: */*\r\n\r\n");
}

TEST_CASE("an answer without a length is whole when the connection closes") {
  Fetching rig;
  auto wire = rig.connection("127.0.0.1", "7");
  rig.start(ask());
  wire.send("HTTP/1.1 200 X\r\n\r\nall of it");
  wire.close();
  rig.run();
  REQUIRE(rig.got);
  CHECK((*rig.got)->body == "all of it");
}

TEST_CASE("an answer that is cut, no HTTP or too long is none") {
  const auto after = [](const std::string& text, bool close) {
    Fetching rig;
    auto wire = rig.connection("127.0.0.1", "7");
    rig.start(ask());
    wire.send(text);
    if (close) wire.close();
    rig.run();
    const auto fault = rig.fault();
    if (!close) CHECK(wire.over());
    return fault;
  };
  CHECK(after("", true) == Fault::provider_reset);
  CHECK(after("HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\nab", true) == Fault::provider_reset);
  CHECK(after("nonsense\r\n\r\n", false) == Fault::provider_stream_malformed);
  Fetching rig;
  const auto wire = rig.connection("127.0.0.1", "7");
  rig.start(ask());
  wire.send("HTTP/1.1 200 X\r\ncontent-length: 10000000\r\n\r\n");
  for (int i = 0; i < 6 && !rig.got; ++i) {
    wire.send(std::string(60'000, 'x'));
    rig.run();
  }
  CHECK(rig.fault() == Fault::provider_stream_malformed);
}

TEST_CASE("an answer that does not come in its time is given up, and its connection closed") {
  Fetching rig;
  const auto wire = rig.connection("127.0.0.1", "7");
  rig.start(ask());
  rig.clock.advance(3s - 1ns);
  rig.fetch.look(rig.clock.now());
  CHECK(rig.fetch.busy());
  rig.clock.advance(1ns);
  rig.fetch.look(rig.clock.now());
  CHECK(rig.fault() == Fault::provider_timeout_total);
  CHECK(wire.over());
}

TEST_CASE("a connection is opened where none is idle, and a refused one is an answer too") {
  using boost::asio::ip::tcp;
  Fetching rig;
  tcp::acceptor acceptor(rig.io, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
  const auto url = "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
  tcp::socket server(rig.io);
  bool accepted = false;
  acceptor.async_accept(server, [&](boost::system::error_code) { accepted = true; });
  rig.start(ask(url));
  while (!accepted || server.available() == 0) rig.io.run_one();
  acceptor.close();
  server.close();
  while (!rig.got) rig.io.run_one();
  CHECK(rig.fault() == Fault::provider_reset);
  rig.got.reset();
  rig.start(ask(url));
  while (!rig.got) rig.io.run_one();
  CHECK(rig.fault() == Fault::provider_connect);
}

TEST_CASE("a proxy is asked for public places, never for this machine's own") {
  using boost::asio::ip::tcp;
  Route route;
  route.proxy = "http://127.0.0.1:9";
  Fetching rig(route);
  const auto direct = rig.connection("169.254.169.254", "80");
  rig.start(ask("http://169.254.169.254/"));
  CHECK_FALSE(direct.read().empty());

  Fetching other(route);
  const auto unproxied = other.connection("sts.example", "80");
  auto through = ask("http://sts.example/");
  through.direct = false;
  other.start(through);
  CHECK(unproxied.read().empty());
}

TEST_CASE("what is under way ends with its fetch, unanswered") {
  Rig rig;
  const auto wire = rig.connection("127.0.0.1", "7");
  int answers = 0;
  {
    Fetch fetch(rig.pool, rig.clock, {});
    fetch.start(ask(), [&](const Result<cloud::Reply>&) { ++answers; });
    rig.run();
  }
  CHECK(wire.read() != "");
  CHECK(wire.over());
  CHECK(answers == 0);
}

}  // namespace troupe::keeper::testing
