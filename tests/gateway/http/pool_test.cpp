#include "gateway/http/pool.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"

using namespace troupe;
using namespace troupe::http;
using boost::asio::ip::tcp;

namespace {

struct Told : Listener {
  int times = 0;
  void ready() override { ++times; }
};

/// A pool and a loopback server whose accepted side the test holds.
struct Rig {
  boost::asio::io_context io;
  troupe::testing::ManualClock clock;
  tcp::acceptor acceptor{io, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0)};
  Pool pool{io, clock};
  Pool::Bucket& bucket =
      pool.bucket({"127.0.0.1", std::to_string(acceptor.local_endpoint().port()), false, {}, {}, {}}, 2);
  Told told;

  template <class Condition>
  void until(Condition condition) {
    while (!condition()) io.run_one();
  }
  std::shared_ptr<Connection> open(tcp::socket& server) {
    bool accepted = false;
    acceptor.async_accept(server, [&](boost::system::error_code) { accepted = true; });
    auto dialling = pool.dial(bucket, std::chrono::seconds(5), &told);
    until([&] { return dialling->done && accepted; });
    return dialling->connection;
  }
};

}  // namespace

TEST_CASE("a connection that was given back is used again, the freshest first") {
  Rig rig;
  tcp::socket a(rig.io), b(rig.io);
  auto first = rig.open(a);
  auto second = rig.open(b);
  rig.pool.give(rig.bucket, first);
  rig.pool.give(rig.bucket, second);
  CHECK(rig.pool.counts().idle == 2);
  CHECK(rig.pool.take(rig.bucket) == second);
  CHECK(rig.pool.take(rig.bucket) == first);
  CHECK(rig.pool.take(rig.bucket) == nullptr);
  CHECK(rig.pool.counts().reused == 2);
}

TEST_CASE("a connection that the provider closed while idle is never handed out") {
  Rig rig;
  tcp::socket server(rig.io);
  rig.pool.give(rig.bucket, rig.open(server));
  server.close();
  rig.until([&] { return rig.pool.counts().idle == 0; });
  CHECK(rig.pool.take(rig.bucket) == nullptr);
}

TEST_CASE("bytes that nobody asked for make an idle connection useless") {
  Rig rig;
  tcp::socket server(rig.io);
  rig.pool.give(rig.bucket, rig.open(server));
  boost::asio::write(server, boost::asio::buffer("HTTP/1.1 408 Request Timeout\r\n\r\n", 31));
  rig.until([&] { return rig.pool.counts().idle == 0; });
  CHECK(rig.pool.take(rig.bucket) == nullptr);
}

TEST_CASE("a full bucket closes what comes back, and a sweep what is old") {
  Rig rig;
  tcp::socket a(rig.io), b(rig.io), c(rig.io);
  for (auto* server : {&a, &b, &c}) {
    auto connection = rig.open(*server);
    rig.pool.give(rig.bucket, connection);
  }
  // The first two were given back before the third was opened, so that one found no room.
  CHECK(rig.pool.counts().idle == 2);
  rig.clock.advance(std::chrono::seconds(10));
  rig.pool.sweep(std::chrono::seconds(11));
  CHECK(rig.pool.counts().idle == 2);
  rig.pool.sweep(std::chrono::seconds(10));
  CHECK(rig.pool.counts().idle == 0);
}

TEST_CASE("what comes of an abandoned dial goes to the idle ones") {
  Rig rig;
  tcp::socket server(rig.io);
  bool accepted = false;
  rig.acceptor.async_accept(server, [&](boost::system::error_code) { accepted = true; });
  auto dialling = rig.pool.dial(rig.bucket, std::chrono::seconds(5), &rig.told);
  dialling->listener = nullptr;
  rig.until([&] { return dialling->done && accepted; });
  CHECK(rig.pool.counts().idle == 1);
  CHECK(rig.told.times == 0);
}

TEST_CASE("a dial to a port where nobody listens fails with provider_connect") {
  Rig rig;
  rig.acceptor.close();
  auto dialling = rig.pool.dial(rig.bucket, std::chrono::seconds(5), &rig.told);
  rig.until([&] { return dialling->done; });
  CHECK(dialling->connection == nullptr);
  CHECK(dialling->error.fault == Fault::provider_connect);
  CHECK(rig.told.times == 1);
}

TEST_CASE("a send that the peer does not take is kept, in order, until it does") {
  Rig rig;
  tcp::socket server(rig.io);
  auto connection = rig.open(server);
  connection->listener(&rig.told);
  const std::string block(4 << 20, 'x');
  connection->send("begin", block, "middle");
  connection->send("end");
  CHECK_FALSE(connection->flushed());
  std::string got(5 + block.size() + 6 + 3, '\0');
  bool read = false;
  boost::asio::async_read(server, boost::asio::buffer(got),
                          [&](boost::system::error_code, std::size_t) { read = true; });
  rig.until([&] { return read; });
  rig.until([&] { return connection->flushed(); });
  CHECK(got.substr(0, 5) == "begin");
  CHECK(got.substr(5 + block.size()) == "middleend");
}
