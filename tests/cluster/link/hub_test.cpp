// Peers that come, go, come back, and claim the same name.
#include "cluster/link/hub.hpp"

#include "tests/cluster/link/town.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::link;
using namespace troupe::link::testing;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& what) {
  return text.find(what) != text.npos;
}

}  // namespace

TEST_CASE("a node that stops says goodbye, and is found again when it is back") {
  Town town;
  auto& a = town.add("a");
  town.add("b");
  const auto address = town.nodes.at("b")->link->address();
  town.introduce();
  town.until([&] { return a.holds("b"); });
  town.kill("b");
  town.until([&] { return !a.holds("b"); });
  CHECK(has(a.downs.back(), "it said goodbye: it is leaving"));
  town.pass(20s);
  CHECK(a.stats("b").state == State::waiting);
  CHECK(has(a.stats("b").last_error, "cannot connect"));
  auto& again = town.add("b", [&](Settings& s) {
    s.listen = address;
    s.incarnation = 2;
  });
  again.link->set_peers({town.at("a")});
  town.pass_until([&] { return a.holds("b") && again.holds("a"); }, 10s);
  CHECK(a.stats("b").incarnation == 2);
  CHECK(a.stats("b").times_up == 2);
}

TEST_CASE("dials pause longer and longer, but never for more than five seconds") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  const auto address = b.link->address();
  town.kill("b");
  a.link->set_peers({{"b", address}});
  town.pass(5min);
  CHECK(a.stats("b").state == State::waiting);
  auto& again = town.add("b", [&](Settings& s) { s.listen = address; });
  again.may_join = {"a"};
  town.pass_until([&] { return a.holds("b"); }, 5200ms);
}

TEST_CASE("what was sent while the peer was away arrives when the same process is back") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  b.may_join = {"a"};
  a.link->set_peers({{"b", ""}});
  CHECK(a.link->send("b", kQueue, "one"));
  CHECK(a.link->send("b", 5, "old state"));
  CHECK(a.link->send("b", 5, "new state"));
  town.settle();
  a.link->set_peers({town.at("b")});
  town.until([&] { return b.got.size() == 2; });
  CHECK(b.got == std::vector<std::string>{"a: one", "a: new state"});
}

TEST_CASE("what waited for a former life of the peer is not told to the next one") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  const auto address = b.link->address();
  town.introduce();
  town.until([&] { return a.holds("b"); });
  town.kill("b");
  town.until([&] { return !a.holds("b"); });
  a.link->send("b", kQueue, "for the dead");
  auto& again = town.add("b", [&](Settings& s) {
    s.listen = address;
    s.incarnation = 2;
  });
  again.may_join = {"a"};
  town.pass_until([&] { return a.holds("b") && again.holds("a"); }, 6s);
  a.link->send("b", kQueue, "for the living");
  town.until([&] { return !again.got.empty(); });
  CHECK(again.got == std::vector<std::string>{"a: for the living"});
  CHECK(a.stats("b").dropped == 1);
}

TEST_CASE("messages that cross the duel of two connections are not lost") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  town.introduce();
  std::size_t sent = 0;
  for (; sent < 200; ++sent) {
    a.link->send("b", kQueue, "m" + std::to_string(sent));
    b.link->send("a", kQueue, "m" + std::to_string(sent));
    town.io.restart();
    town.io.poll_one();
  }
  town.until([&] { return a.got.size() >= sent && b.got.size() >= sent; });
  CHECK(a.got.size() == sent);
  CHECK(b.got.size() == sent);
  CHECK(a.ups.size() == 1);
  CHECK(b.ups.size() == 1);
  CHECK(a.stats("b").dialled != b.stats("a").dialled);
}

TEST_CASE("of two processes with one name the one that is there stays") {
  Town town;
  auto& a = town.add("a");
  town.add("b").link->set_peers({town.at("a")});
  a.may_join = {"b"};
  town.until([&] { return a.holds("b"); });
  auto twin = town.stranger("a", town.hello("b"), town.tls("b"));
  town.until([&] { return twin->ended; });
  CHECK(twin->got_goodbye(Parting::name_taken));
  auto elder = town.stranger("a", town.hello("b", [](Hello& h) { h.incarnation = 0; }), town.tls("b"));
  town.until([&] { return elder->ended; });
  CHECK(elder->got_goodbye(Parting::stale));
  CHECK(a.downs.empty());
}

TEST_CASE("a newer incarnation takes the place of the one that is there") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  b.link->set_peers({town.at("a")});
  a.may_join = {"b"};
  town.until([&] { return a.holds("b") && b.holds("a"); });
  auto heir = town.stranger("a", town.hello("b", [](Hello& h) { h.incarnation = 2; }), town.tls("b"));
  town.until([&] { return a.ups.size() == 2 && !b.holds("a"); });
  CHECK(has(a.downs.back(), "a new connection replaced it"));
  CHECK(a.last_hello.incarnation == 2);
  // The former one dials on and is told that it is of the past.
  town.pass(1s);
  CHECK(has(b.stats("a").last_error, words(Parting::stale).data()));
}

TEST_CASE("a node that dials a name and finds another one does not speak to it") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  b.may_join = {"a"};
  a.link->set_peers({{"c", b.link->address()}});
  town.pass(500ms);
  town.settle();
  CHECK(a.ups.empty());
  CHECK(b.ups.empty());
  CHECK(has(a.stats("c").last_error, "the certificate is that of 'b', not of 'c'"));
}

TEST_CASE("why a dial was refused is known to the one who dialled") {
  Town town;
  auto& a = town.add("a", [&](Settings& s) { s.cluster = "elsewhere"; });
  town.add("b");
  a.link->set_peers({town.at("b")});
  town.until([&] {
    a.link->tick();
    return has(a.stats("b").last_error, "cluster");
  });
  CHECK(a.stats("b").state == State::waiting);
}

TEST_CASE("an expired certificate of one's own is told by the other side's alert") {
  Town town;
  town.authority.files("a", -1h);
  auto& a = town.add("a");
  town.add("b").may_join = {"a"};
  a.link->set_peers({town.at("b")});
  town.until([&] {
    a.link->tick();
    return !a.stats("b").last_error.empty();
  });
  CHECK(has(a.stats("b").last_error, "expired"));
}

TEST_CASE("a black hole is given up after three seconds and delays nobody") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  b.may_join = {"a"};
  // A listener whose line is full does not answer: its connects stay half open.
  boost::asio::ip::tcp::acceptor hole(town.io, {boost::asio::ip::address_v4::loopback(), 0}, false);
  hole.listen(0);
  std::vector<std::shared_ptr<boost::asio::ip::tcp::socket>> filling;
  for (int i = 0; i < 4; ++i) {
    filling.push_back(std::make_shared<boost::asio::ip::tcp::socket>(town.io));
    filling.back()->async_connect(hole.local_endpoint(), [](boost::system::error_code) {});
  }
  town.settle();
  a.link->set_peers({{"hole", "127.0.0.1:" + std::to_string(hole.local_endpoint().port())}, town.at("b")});
  town.until([&] { return a.holds("b"); });
  town.pass(2900ms);
  CHECK(a.stats("hole").state == State::connecting);
  town.pass(200ms);
  CHECK(has(a.stats("hole").last_error, "no connection within 3 s"));
  CHECK(a.holds("b"));
  CHECK(a.downs.empty());
}

TEST_CASE("a peer that is no longer listed is told goodbye and forgotten") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  b.may_join = {"a"};
  a.link->set_peers({town.at("b")});
  town.until([&] { return a.holds("b") && b.holds("a"); });
  a.link->set_peers({});
  town.until([&] { return !a.holds("b") && !b.holds("a"); });
  CHECK_FALSE(a.link->send("b", kQueue, "x"));
  town.pass(1s);
  CHECK(a.link->peers().empty());
  CHECK(b.link->peers().empty());
}

TEST_CASE("one that joined uninvited stays when it is listed, and when it is unlisted but may join") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  a.may_join = {"b"};
  b.link->set_peers({town.at("a")});
  town.until([&] { return a.holds("b"); });
  CHECK(a.link->send("b", kQueue, "hello"));
  a.link->set_peers({town.at("b")});
  a.link->set_peers({});
  town.pass(5s);
  CHECK(a.holds("b"));
  CHECK(a.downs.empty());
  CHECK(b.got.size() == 1);
}

TEST_CASE("reloaded certificates serve the connections to come") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  Authority other;
  const auto wrong = a.link->reload({"missing.pem", "", ""});
  CHECK_FALSE(wrong);
  REQUIRE(a.link->reload(other.files("a")));
  REQUIRE(b.link->reload(other.files("b")));
  town.introduce();
  town.until([&] { return a.holds("b"); });
  REQUIRE(a.link->reload(town.authority.files("a")));
  town.pass(1s);
  CHECK(a.holds("b"));
}

TEST_CASE("heartbeats keep an idle connection up and measure it") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  town.introduce();
  town.until([&] { return a.holds("b") && b.holds("a"); });
  town.pass(60s);
  CHECK(a.downs.empty());
  const auto stats = a.stats("b");
  CHECK(stats.frames_in >= 200);
  CHECK(stats.frames_in <= 300);
  CHECK(stats.bytes_in < 20'000);
  CHECK(stats.round_trip < 200ms);
}

TEST_CASE("one peer that stopped reading does not delay another") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  a.may_join = {"slow", "b"};
  b.link->set_peers({town.at("a")});
  auto slow = std::make_shared<Stranger>(town.io, town.tls("slow"));
  slow->reads = false;
  slow->start(a.link->address(), town.hello("slow"));
  town.until([&] { return a.holds("b") && a.holds("slow"); });
  for (int i = 0; i < 500; ++i) a.link->send("slow", kQueue, std::string(64 << 10, 'x'));
  a.link->send("b", kQueue, "quick");
  town.until([&] { return !b.got.empty(); });
  CHECK(a.holds("slow"));
  CHECK(a.stats("slow").dropped > 300);
}

TEST_CASE("after stop nobody is called back and everybody else is told") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  town.introduce();
  town.until([&] { return a.holds("b") && b.holds("a"); });
  a.link->stop();
  town.until([&] { return !b.holds("a"); });
  town.settle();
  CHECK(a.downs.empty());
  town.pass(3s);
  CHECK_FALSE(b.holds("a"));
}

TEST_CASE("a link whose io_context goes first or never runs leaves nothing behind") {
  Town town;
  auto settings = town.settings("x");
  boost::asio::io_context io;
  auto link = Link::start(io, settings, {}, town.clock, Random(1));
  REQUIRE(link);
  (*link)->set_peers({{"y", "127.0.0.1:1"}});
  (*link)->send("y", kQueue, "x");
}

TEST_CASE("an address that is taken is told with its name") {
  Town town;
  auto& a = town.add("a");
  auto settings = town.settings("b");
  settings.listen = a.link->address();
  const auto second = Link::start(town.io, settings, {}, town.clock, Random(1));
  REQUIRE_FALSE(second);
  CHECK(has(second.error().message, "cluster.listen: cannot listen on '127.0.0.1:"));
}

TEST_CASE("an address without a name will do: whoever answers there is a peer under its own name") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  b.may_join = {"a"};
  a.may_join = {"b"};
  a.link->set_seeds({"127.0.0.1:1", b.link->address()});
  town.pass_until([&] { return a.holds("b") && b.holds("a"); });
  town.pass(10s);
  CHECK(a.ups.size() == 1);
  CHECK(b.ups.size() == 1);
  CHECK(a.stats("b").dialled);
}

TEST_CASE("addresses without a name are dialled again when nobody is left") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  b.may_join = a.may_join = {"a", "b"};
  const auto address = b.link->address();
  a.link->set_seeds({address});
  town.pass_until([&] { return a.holds("b"); });
  town.kill("b");
  town.pass_until([&] { return !a.holds("b"); });
  town.add("b", [&](Settings& s) { s.listen = address; }).may_join = {"a"};
  town.pass_until([&] { return a.holds("b"); });
}

TEST_CASE("a node that finds itself behind an address goes on looking") {
  Town town;
  auto& a = town.add("a");
  auto& b = town.add("b");
  a.may_join = b.may_join = {"a", "b"};
  a.link->set_seeds({a.link->address(), b.link->address()});
  town.pass_until([&] { return a.holds("b"); });
  CHECK_FALSE(a.holds("a"));
}
