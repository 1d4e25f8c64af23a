#include "cluster/link/dial.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include "tests/support/catch.hpp"

using namespace troupe::link;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

struct Port {
  asio::io_context io;
  asio::executor_work_guard<asio::io_context::executor_type> alive{io.get_executor()};
  tcp::acceptor acceptor{io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  std::shared_ptr<Dial> dial = std::make_shared<Dial>(io);
  std::string why;
  int answers = 0;

  std::string port() const { return std::to_string(acceptor.local_endpoint().port()); }
  void start(const std::string& address) {
    dial->start(address, [this](const std::string& reason, tcp::socket socket) {
      why = reason;
      ++answers;
      CHECK(socket.is_open() == reason.empty());
    });
  }
  void run() {
    while (answers == 0 && io.run_one_for(std::chrono::seconds(20)) > 0) {
    }
  }
};

}  // namespace

TEST_CASE("addresses are a host and a port") {
  CHECK(split_address("10.0.0.1:7946")->host == "10.0.0.1");
  CHECK(split_address("[::1]:80")->host == "::1");
  CHECK(split_address("node-1.internal:65535")->port == "65535");
  for (const char* bad :
       {"", "host", ":80", "host:", "host:http", "host:65536", "::1:80", "host:80 ", "host:-1"})
    CHECK_FALSE(split_address(bad));
}

TEST_CASE("a numeric address is connected to") {
  Port port;
  port.start("127.0.0.1:" + port.port());
  port.run();
  CHECK(port.why.empty());
  CHECK(port.answers == 1);
}

TEST_CASE("a host name is looked up, and each of its addresses gets its turn") {
  Port port;
  for (int i = 0; i < 3 && (i == 0 || !port.why.empty()); ++i) {
    port.answers = 0;
    port.start("localhost:" + port.port());
    CHECK(port.dial->running());
    port.run();
  }
  CHECK(port.why.empty());
  CHECK_FALSE(port.dial->running());
}

TEST_CASE("what cannot be dialled is told, later and once") {
  Port port;
  const auto number = port.port();
  port.acceptor.close();
  port.start("127.0.0.1:" + number);
  CHECK(port.answers == 0);
  port.run();
  CHECK(port.why == "Connection refused");
  port.answers = 0;
  port.start("no address");
  port.run();
  CHECK(port.why == "the address is of no use: it is no address");
}

TEST_CASE("a cancelled dial says nothing, a new one works, with the name still being looked up") {
  Port port;
  port.start("localhost:" + port.port());
  port.dial->cancel();
  CHECK_FALSE(port.dial->running());
  port.start("127.0.0.1:" + port.port());
  port.dial->cancel();
  port.start("localhost:" + port.port());
  port.run();
  CHECK(port.answers == 1);
  port.io.poll();
  CHECK(port.answers == 1);
}
