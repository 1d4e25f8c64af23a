#include "gateway/cloud/ask.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::cloud;

TEST_CASE("a URL is taken apart with its defaults") {
  CHECK(parse_url("https://sts.amazonaws.com").value() == Url{"sts.amazonaws.com", "443", "/", true});
  CHECK(parse_url("http://[fd00:ec2::23]/v1/credentials?a=b%20c").value() ==
        Url{"fd00:ec2::23", "80", "/v1/credentials?a=b%20c", false});
  CHECK(parse_url("http://127.0.0.1:8081?x").value() == Url{"127.0.0.1", "8081", "/?x", false});
}

TEST_CASE("the authority names a port only where it is not the usual one") {
  CHECK(parse_url("https://a/")->authority() == "a");
  CHECK(parse_url("https://a:80/")->authority() == "a:80");
  CHECK(parse_url("http://[::1]:8080/")->authority() == "[::1]:8080");
}

TEST_CASE("what is no plain http URL is refused without being repeated") {
  for (const auto* text :
       {"", "ftp://a/", "/path", "http://", "http://user:secret@a/", "http://a/#f", "http://a b/"}) {
    const auto url = parse_url(text);
    REQUIRE_FALSE(url);
    CHECK(url.error().message == "not an http:// or https:// URL");
  }
}

TEST_CASE("loopback is the machine itself") {
  for (const auto* host : {"localhost", "127.0.0.1", "127.8.8.8", "::1"}) CHECK(is_loopback(host));
  for (const auto* host : {"localhost.example", "128.0.0.1", "169.254.170.2", ""})
    CHECK_FALSE(is_loopback(host));
}
