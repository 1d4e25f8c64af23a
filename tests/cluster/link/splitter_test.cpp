#include "cluster/link/splitter.hpp"

#include <algorithm>
#include <string>

#include "tests/support/catch.hpp"

using namespace troupe::link;

namespace {

std::string framed(std::string_view body) {
  const auto n = body.size();
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(n >> shift));
  return out.append(body);
}

/// Feeds in pieces of `piece` bytes and returns the bodies, joined by '|'.
std::string split(Splitter& splitter, std::string_view bytes, std::size_t piece) {
  std::string out;
  while (!bytes.empty()) {
    const auto room = splitter.room();
    const auto n = std::min({piece, room.size(), bytes.size()});
    REQUIRE(n > 0);
    std::copy_n(bytes.begin(), n, room.begin());
    splitter.took(n);
    bytes.remove_prefix(n);
    while (const auto body = splitter.next()) out.append(*body).push_back('|');
  }
  return out;
}

}  // namespace

TEST_CASE("bodies come out whole, in whatever pieces the bytes come") {
  const auto bytes = framed("one") + framed("") + framed(std::string(300, 'x')) + framed("last");
  for (const std::size_t piece : {1, 2, 3, 5, 1000}) {
    Splitter splitter(4096);
    CHECK(split(splitter, bytes, piece) == "one||" + std::string(300, 'x') + "|last|");
    CHECK_FALSE(splitter.oversized());
  }
}

TEST_CASE("a length above the cap stops the reading") {
  Splitter splitter(10);
  CHECK(split(splitter, framed("0123456789") + std::string("\0\0\0\x0b", 4) + framed("ok"), 4) ==
        "0123456789|");
  CHECK(splitter.oversized());
}

TEST_CASE("a claimed length costs no memory until the bytes are there") {
  Splitter splitter(4 << 20);
  split(splitter, std::string("\0\x3f\xff\xff", 4) + "a few", 9);
  CHECK(splitter.capacity() <= 128 << 10);
}

TEST_CASE("a stranger's buffer stays small") {
  Splitter splitter(4096);
  split(splitter, std::string("\0\0\x0f\xff", 4) + std::string(4094, 'x'), 100);
  CHECK(splitter.capacity() <= 16 << 10);
}

TEST_CASE("the cap may be raised between frames") {
  Splitter splitter(4);
  CHECK(split(splitter, framed("1234"), 8) == "1234|");
  splitter.raise_cap(100);
  CHECK(split(splitter, framed("12345"), 8) == "12345|");
}

TEST_CASE("the largest frame is read, and its memory is given back") {
  constexpr std::size_t kCap = 4 << 20;
  Splitter splitter(kCap);
  const auto out = split(splitter, framed(std::string(kCap, 'y')), 16384);
  CHECK(out.size() == kCap + 1);
  CHECK(splitter.capacity() <= kCap + (256 << 10));
  CHECK(split(splitter, framed("small"), 16384) == "small|");
  CHECK(splitter.capacity() <= 256 << 10);
}
