#include "config/ip_range.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::config;

TEST_CASE("a range holds what its prefix says, to the bit") {
  CHECK(within({"10.0.0.0/8"}, "10.255.0.1"));
  CHECK_FALSE(within({"10.0.0.0/8"}, "11.0.0.1"));
  CHECK(within({"192.168.1.128/25"}, "192.168.1.128"));
  CHECK_FALSE(within({"192.168.1.128/25"}, "192.168.1.127"));
  CHECK(within({"2001:db8::/33"}, "2001:db8:7fff::1"));
  CHECK_FALSE(within({"2001:db8::/33"}, "2001:db8:8000::1"));
  CHECK(within({"0.0.0.0/0"}, "8.8.8.8"));
  CHECK_FALSE(within({"0.0.0.0/0"}, "2001:db8::1"));
}

TEST_CASE("one address is a range of one, and any of several will do") {
  CHECK(within({"192.0.2.1", "::1"}, "::1"));
  CHECK_FALSE(within({"192.0.2.1", "::1"}, "192.0.2.2"));
}

TEST_CASE("IPv4 that comes over IPv6 is IPv4") {
  CHECK(within({"10.0.0.0/8"}, "::ffff:10.1.2.3"));
  CHECK(within({"fe80::/10"}, "fe80::1%eth0"));
}

TEST_CASE("no range lets everybody in; where there is one, an unknown address stays out") {
  CHECK(within({}, "anything"));
  CHECK_FALSE(within({"0.0.0.0/0"}, ""));
}

TEST_CASE("what is no address or has too many bits is no range") {
  for (const auto* bad :
       {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8", "2001:db8::/129", "host/8", "/8"}) {
    CAPTURE(bad);
    CHECK_FALSE(IpRange::parse(bad));
  }
}
