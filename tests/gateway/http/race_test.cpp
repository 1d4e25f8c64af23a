#include "gateway/http/race.hpp"

#include <boost/asio/ip/address.hpp>

#include "tests/support/catch.hpp"

using namespace troupe::http;
using boost::asio::ip::tcp;

namespace {

tcp::endpoint at(const char* address, std::uint16_t port) {
  return {boost::asio::ip::make_address(address), port};
}

/// A loopback port that refuses: bound and closed again before use.
std::uint16_t refusing_port(boost::asio::io_context& io) {
  tcp::acceptor acceptor(io, at("127.0.0.1", 0));
  return acceptor.local_endpoint().port();
}

}  // namespace

TEST_CASE("families take turns, starting with the resolver's choice") {
  const auto order = interleave({at("::1", 1), at("::2", 1), at("127.0.0.1", 1), at("127.0.0.2", 1)});
  REQUIRE(order.size() == 4);
  CHECK(order[0].address().is_v6());
  CHECK(order[1].address().is_v4());
  CHECK(order[2].address().is_v6());
  CHECK(order[3].address().is_v4());
}

TEST_CASE("an address that refuses is passed over at once for one that answers") {
  boost::asio::io_context io;
  tcp::acceptor acceptor(io, at("127.0.0.1", 0));
  const auto good = acceptor.local_endpoint();
  auto race = std::make_shared<Race>(io, std::vector{at("127.0.0.1", refusing_port(io)), good});
  int calls = 0;
  race->start([&](boost::system::error_code error, tcp::socket socket) {
    ++calls;
    CHECK_FALSE(error);
    CHECK(socket.remote_endpoint() == good);
  });
  io.run();
  CHECK(calls == 1);
}

TEST_CASE("a race that nobody can win ends with the last error, and so does one without addresses") {
  boost::asio::io_context io;
  int failures = 0;
  const auto lost = [&](boost::system::error_code error, tcp::socket) { failures += error ? 1 : 0; };
  std::make_shared<Race>(io, std::vector{at("127.0.0.1", refusing_port(io))})->start(lost);
  std::make_shared<Race>(io, std::vector<tcp::endpoint>{})->start(lost);
  io.run();
  CHECK(failures == 2);
}

TEST_CASE("a cancelled race tells its end once") {
  boost::asio::io_context io;
  tcp::acceptor acceptor(io, at("127.0.0.1", 0));
  auto race = std::make_shared<Race>(io, std::vector{acceptor.local_endpoint()});
  int calls = 0;
  race->start([&](boost::system::error_code error, tcp::socket) {
    ++calls;
    CHECK(error == boost::asio::error::operation_aborted);
  });
  race->cancel();
  race->cancel();
  io.run();
  CHECK(calls == 1);
}
