#include "cluster/link/frame.hpp"

#include <msgpack.hpp>

#include "tests/support/catch.hpp"

using namespace troupe::link;

namespace {

std::string body_of(const Frame& frame) {
  std::string out;
  append(out, frame);
  return out.substr(4);
}

template <class... T>
std::string packed(const T&... values) {
  msgpack::sbuffer out;
  msgpack::packer<msgpack::sbuffer> p(out);
  p.pack_array(sizeof...(values));
  (p.pack(values), ...);
  return {out.data(), out.size()};
}

const Hello kSample{kProtocol, "prod", "node-1", 42, "10.0.0.1:7946", 0xfeedfacecafebeef};

}  // namespace

TEST_CASE("every frame is read back as it was written") {
  const std::string payload(70000, 'x');
  for (const Frame& frame : {Frame(kSample), Frame(Goodbye{Parting::stale, "too old"}), Frame(Ping{1}),
                             Frame(Pong{0xffffffffffffffff}), Frame(Data{payload}), Frame(Data{""})}) {
    CHECK(parse(body_of(frame)) == frame);
  }
}

TEST_CASE("frames are appended behind each other, each with its length first") {
  std::string out;
  append(out, Ping{7});
  const auto first = out.size();
  CHECK(out.substr(0, 4) == std::string("\0\0\0\x03", 4));
  append(out, Pong{7});
  CHECK(parse(std::string_view(out).substr(4, first - 4)) == Frame(Ping{7}));
  CHECK(parse(std::string_view(out).substr(first + 4)) == Frame(Pong{7}));
}

TEST_CASE("the largest payload fits the largest frame exactly") {
  CHECK(body_of(Data{std::string(kPayloadMax, 'x')}).size() <= kFrameMax);
}

TEST_CASE("a hello of another version gives its version away, whatever follows") {
  const auto plain = parse(packed(0, 9, "prod"));
  REQUIRE(plain);
  CHECK(std::get<Hello>(*plain).version == 9);
  const auto nested = parse(packed(0, 9, std::map<std::string, int>{{"a", 1}}, -5, 1.5));
  REQUIRE(nested);
  CHECK(std::get<Hello>(*nested).version == 9);
}

TEST_CASE("a hello of our version may go on with fields that we do not know yet") {
  const auto frame = parse(packed(0, kProtocol, "c", "n", 1, "a:1", 2, "later", 5));
  REQUIRE(frame);
  CHECK(std::get<Hello>(*frame).nonce == 2);
}

TEST_CASE("a goodbye for a reason of later days is a goodbye still") {
  const auto frame = parse(packed(1, 200, "because"));
  REQUIRE(frame);
  CHECK(std::get<Goodbye>(*frame) == Goodbye{Parting::stopping, "because"});
}

TEST_CASE("what is no frame is refused: wrong kinds, types, counts, sizes and nesting") {
  const std::string long_name(kNameMax + 1, 'n');
  const std::vector<std::string> bad = {
      "",
      std::string(1, '\xc1'),
      packed(),
      packed(5, 1),
      packed("0", 1),
      packed(2),
      packed(2, 1, 1),
      packed(2, -1),
      packed(2, "1"),
      packed(3, 1.5),
      packed(4, 4),
      packed(4, "a", "b"),
      packed(1, 1),
      packed(1, 1, std::string(201, 'x')),
      packed(0, kProtocol, "c", "n", 1, "a:1"),
      packed(0, kProtocol, "c", "", 1, "a:1", 2),
      packed(0, kProtocol, "c", long_name, 1, "a:1", 2),
      packed(0, kProtocol, "c", "\xff", 1, "a:1", 2),
      packed(0, kProtocol, "c", "n", -1, "a:1", 2),
      packed(0, std::uint64_t{1} << 40),
      packed(4, std::vector<int>{1, 2}),
      packed(4, std::map<int, int>{{1, 2}}),
      packed(2, 1) + packed(2, 1),
      std::string("\xdd\xff\xff\xff\xff", 5),
      std::string("\x92\x04\xc6\xff\xff\xff\xff", 7),
  };
  for (std::size_t i = 0; i < bad.size(); ++i) {
    INFO("number " << i);
    CHECK_FALSE(parse(bad[i]));
  }
}

TEST_CASE("every truncation of a frame is refused") {
  for (const Frame& frame : {Frame(kSample), Frame(Goodbye{Parting::self, "x"}), Frame(Data{"payload"})}) {
    const auto body = body_of(frame);
    for (std::size_t n = 0; n < body.size(); ++n) CHECK_FALSE(parse(std::string_view(body).substr(0, n)));
  }
}

TEST_CASE("texts that are too long are cut when they are written") {
  const auto frame = parse(body_of(Goodbye{Parting::garbled, std::string(1000, 'g')}));
  REQUIRE(frame);
  CHECK(std::get<Goodbye>(*frame).text.size() == 200);
}

TEST_CASE("every reason for parting has its words") {
  for (int i = 0; i <= static_cast<int>(Parting::garbled); ++i)
    CHECK(words(static_cast<Parting>(i)) != "an unknown reason");
}
