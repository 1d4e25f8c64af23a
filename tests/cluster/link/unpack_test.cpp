#include "cluster/link/unpack.hpp"

#include <map>
#include <msgpack.hpp>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

using namespace troupe::link;

namespace {

template <class T>
std::string packed(const T& value) {
  msgpack::sbuffer out;
  msgpack::pack(out, value);
  return {out.data(), out.size()};
}

}  // namespace

TEST_CASE("ordinary payloads are fit to be unpacked") {
  CHECK(fit_to_unpack(packed(1)));
  CHECK(fit_to_unpack(packed(std::map<std::string, std::vector<double>>{{"a", {1, 2.5}}, {"b", {}}})));
}

TEST_CASE("exactly one whole object is wanted") {
  CHECK_FALSE(fit_to_unpack(""));
  CHECK_FALSE(fit_to_unpack(packed(1) + packed(2)));
  CHECK_FALSE(fit_to_unpack(packed(std::string("half")).substr(0, 3)));
}

TEST_CASE("each limit has its refusal") {
  UnpackLimits limits;
  limits.depth = 3;
  limits.array = 5;
  limits.map = 2;
  limits.text = 4;
  limits.values = 9;
  CHECK(fit_to_unpack("\x91\x91\x91\x01", limits));
  CHECK_FALSE(fit_to_unpack("\x91\x91\x91\x91\x01", limits));
  CHECK(fit_to_unpack(packed(std::vector<int>(5)), limits));
  CHECK_FALSE(fit_to_unpack(packed(std::vector<int>(6)), limits));
  CHECK(fit_to_unpack(packed(std::map<int, int>{{1, 1}, {2, 2}}), limits));
  CHECK_FALSE(fit_to_unpack(packed(std::map<int, int>{{1, 1}, {2, 2}, {3, 3}}), limits));
  CHECK(fit_to_unpack(packed(std::string("1234")), limits));
  CHECK_FALSE(fit_to_unpack(packed(std::string("12345")), limits));
  CHECK_FALSE(fit_to_unpack(packed(std::vector<std::vector<int>>(3, std::vector<int>(3))), limits));
}

TEST_CASE("a claim of four thousand million elements is refused before it costs anything") {
  CHECK_FALSE(fit_to_unpack(std::string("\xdd\xff\xff\xff\xff\x01", 6)));
  CHECK_FALSE(fit_to_unpack(std::string("\xdf\xff\xff\xff\xff\x01", 6)));
  CHECK_FALSE(fit_to_unpack(std::string("\xdb\xff\xff\xff\xff\x01", 6)));
  CHECK_FALSE(fit_to_unpack(std::string(1 << 20, '\x91')));
}
