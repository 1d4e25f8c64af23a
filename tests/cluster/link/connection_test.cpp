// What strangers may do to a node, and what it answers.
#include "cluster/link/connection.hpp"

#include "core/random.hpp"
#include "tests/cluster/link/town.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::link;
using namespace troupe::link::testing;
using namespace std::chrono_literals;

namespace {

/// A node that would welcome "guest", and a guest's TLS.
struct House {
  Town town;
  Node& node = town.add("node");
  House() { node.may_join = {"guest", "other"}; }

  std::string refused() {
    town.settle();
    node.link->tick();
    return node.link->refused().last;
  }
  /// Sends as a guest with a good certificate; returns when the node has ended it.
  std::shared_ptr<Stranger> guest(std::string bytes, const std::string& cert = "guest") {
    auto stranger = town.stranger("node", std::move(bytes), town.tls(cert));
    town.until([&] { return stranger->ended; });
    return stranger;
  }
};

bool has(const std::string& text, const std::string& what) {
  return text.find(what) != text.npos;
}

std::string with_length(std::string body) {
  const auto n = body.size();
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(n >> shift));
  return out + body;
}

}  // namespace

TEST_CASE("a guest with a good certificate and a good hello is up") {
  House house;
  auto guest = house.town.stranger("node", house.town.hello("guest"), house.town.tls("guest"));
  house.town.until([&] { return house.node.holds("guest") && !guest->frames().empty(); });
  CHECK(std::get<Hello>(guest->frames().front()).node == "node");
}

TEST_CASE("plain TCP, random bytes and half a handshake end without harm") {
  House house;
  Random random(5);
  std::string noise;
  for (int i = 0; i < 4096; ++i) noise.push_back(static_cast<char>(random.next()));
  for (const std::string& bytes : {std::string("GET / HTTP/1.1\r\n\r\n"), noise, house.town.hello("guest")}) {
    auto stranger = house.town.stranger("node", bytes, nullptr);
    house.town.until([&] { return stranger->ended; });
    CHECK(has(house.refused(), "TLS"));
  }
  CHECK(house.node.link->refused().count == 3);
  CHECK(house.node.ups.empty());
}

TEST_CASE("a connection that says nothing is closed after the handshake's time") {
  House house;
  auto silent = house.town.stranger("node", "", nullptr);
  house.town.settle();
  house.town.pass(2900ms);
  CHECK_FALSE(silent->ended);
  house.town.pass(200ms);
  house.town.until([&] { return silent->ended; });
  CHECK(has(house.refused(), "no TLS handshake within 3 s"));
}

TEST_CASE("a guest that never says hello is closed after the hello's time") {
  House house;
  auto silent = house.town.stranger("node", "", house.town.tls("guest"));
  house.town.until([&] { return !silent->frames().empty(); });
  house.town.pass(3100ms);
  house.town.until([&] { return silent->ended; });
  CHECK(has(house.refused(), "no hello within 3 s"));
}

TEST_CASE("a certificate of another authority is refused") {
  House house;
  Town elsewhere;
  auto stranger = house.town.stranger("node", house.town.hello("guest"), elsewhere.tls("guest"));
  house.town.until([&] { return stranger->ended; });
  CHECK(house.node.ups.empty());
}

TEST_CASE("a stranger that trusts anyone, with a foreign certificate, is refused by the node") {
  House house;
  Town elsewhere;
  auto tls = elsewhere.tls("guest");
  tls->set_verify_mode(boost::asio::ssl::verify_none);
  auto stranger = house.town.stranger("node", house.town.hello("guest"), tls);
  house.town.until([&] { return stranger->ended; });
  CHECK(has(house.refused(), "the peer's certificate: "));
  CHECK(house.node.ups.empty());
}

TEST_CASE("an expired certificate is refused, and the reason is told") {
  House house;
  house.town.authority.files("guest", -1h);
  auto stranger = house.guest(house.town.hello("guest"));
  CHECK(has(house.refused(), "certificate has expired"));
  CHECK(house.node.ups.empty());
}

TEST_CASE("no certificate, no connection") {
  House house;
  auto bare = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_client);
  auto stranger = house.town.stranger("node", house.town.hello("guest"), bare);
  house.town.until([&] { return stranger->ended; });
  CHECK(has(house.refused(), "TLS"));
  CHECK(house.node.ups.empty());
}

TEST_CASE("TLS 1.2 is not spoken") {
  House house;
  auto old = house.town.tls("guest");
  SSL_CTX_set_min_proto_version(old->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(old->native_handle(), TLS1_2_VERSION);
  auto stranger = house.town.stranger("node", house.town.hello("guest"), old);
  house.town.until([&] { return stranger->ended; });
  CHECK(has(house.refused(), "unsupported protocol"));
}

TEST_CASE("a name that the certificate does not have is refused with a goodbye") {
  House house;
  CHECK(house.guest(house.town.hello("other"))->got_goodbye(Parting::name));
  CHECK(has(house.refused(), words(Parting::name).data()));
  CHECK(house.node.ups.empty());
}

TEST_CASE("a name that nobody expects is refused with a goodbye") {
  House house;
  CHECK(house.guest(house.town.hello("burglar"), "burglar")->got_goodbye(Parting::unknown));
  CHECK(has(house.refused(), "burglar: "));
}

TEST_CASE("another version, another cluster and our own name get their goodbyes") {
  House house;
  auto& town = house.town;
  const auto versioned = house.guest(town.hello("guest", [](Hello& h) { h.version = 1; }));
  CHECK(versioned->got_goodbye(Parting::version));
  const auto spoken = "version 1 is not spoken here, version " + std::to_string(kProtocol) + " is";
  CHECK(has(std::get<Goodbye>(versioned->frames().back()).text, spoken));
  CHECK(
      house.guest(town.hello("guest", [](Hello& h) { h.cluster = "city"; }))->got_goodbye(Parting::cluster));
  CHECK(house.guest(town.hello("node"), "node")->got_goodbye(Parting::self));
  CHECK(house.node.ups.empty());
}

TEST_CASE("bad msgpack, data before hello and an oversized hello are refused with a goodbye") {
  House house;
  std::string data, ping;
  append(data, Data{"x"});
  append(ping, Ping{1});
  for (const std::string& bytes :
       {with_length("\xc1\xc1"), with_length(""), data, ping, std::string("\0\0\x10\x01", 4),
        std::string("\xff\xff\xff\xff", 4), std::string(100, '\x93')}) {
    CHECK(house.guest(bytes)->got_goodbye(Parting::garbled));
  }
  CHECK(house.node.ups.empty());
}

TEST_CASE("an admitted guest that sends a length above the cap, or a second hello, loses its connection") {
  House house;
  auto& town = house.town;
  for (const std::string& bytes :
       {std::string("\x00\x40\x00\x01", 4), town.hello("guest"), with_length("\x92\x04\x05")}) {
    CHECK(house.guest(town.hello("guest") + bytes)->got_goodbye(Parting::garbled));
    town.settle();
    CHECK_FALSE(house.node.holds("guest"));
  }
  CHECK(house.node.ups.size() == 3);
  CHECK(house.node.downs.size() == 3);
}

TEST_CASE("pings are answered with the sender's own time") {
  House house;
  std::string ping;
  append(ping, Ping{12345});
  auto guest = house.town.stranger("node", house.town.hello("guest") + ping, house.town.tls("guest"));
  const auto answered = [&] {
    for (const auto& frame : guest->frames()) {
      if (const auto* pong = std::get_if<Pong>(&frame); pong && pong->at == 12345 && pong->here > 0)
        return true;
    }
    return false;
  };
  house.town.until(answered);
}

TEST_CASE("a guest that falls silent is down after three seconds, not before") {
  House house;
  auto guest = house.town.stranger("node", house.town.hello("guest"), house.town.tls("guest"));
  house.town.until([&] { return house.node.holds("guest"); });
  house.town.pass(2900ms);
  CHECK(house.node.holds("guest"));
  house.town.pass(200ms);
  CHECK_FALSE(house.node.holds("guest"));
  CHECK(has(house.node.downs.back(), "no sign of life within 3 s"));
}

TEST_CASE("a guest that stops reading costs a bounded memory and then its connection, however alive it is") {
  House house;
  auto& town = house.town;
  auto guest = std::make_shared<Stranger>(town.io, town.tls("guest"));
  guest->reads = false;
  guest->start(house.node.link->address(), town.hello("guest"));
  town.until([&] { return house.node.holds("guest"); });
  std::string ping;
  append(ping, Ping{1});
  for (int i = 0; i < 80 && house.node.holds("guest"); ++i) {
    for (int k = 0; k < 16; ++k) house.node.link->send("guest", kQueue, std::string(64 << 10, 'x'));
    guest->send(ping);  // it goes on living
    town.pass(50ms);
    if (house.node.holds("guest")) CHECK(house.node.stats("guest").queued_bytes <= OutboxLimits{}.bytes);
  }
  CHECK_FALSE(house.node.holds("guest"));
  CHECK(house.node.downs.back() == "guest: it has read nothing for 3 s");
}

TEST_CASE("strangers beyond the limit push out the oldest, and guests still get in") {
  Town town;
  auto& node = town.add("node", [](Settings& s) { s.limits.strangers = 8; });
  node.may_join = {"guest"};
  std::vector<std::shared_ptr<Stranger>> silent;
  for (int i = 0; i < 20; ++i) {
    silent.push_back(town.stranger("node", "", nullptr));
    town.settle();
  }
  town.until([&] { return silent[11]->ended; });
  for (int i = 0; i < 20; ++i) CHECK(silent[static_cast<std::size_t>(i)]->ended == (i < 12));
  auto guest = town.stranger("node", town.hello("guest"), town.tls("guest"));
  town.until([&] { return node.holds("guest"); });
  node.link->tick();
  // Twelve were pushed out by the others and one by the guest.
  CHECK(node.link->refused().count == 13);
}
