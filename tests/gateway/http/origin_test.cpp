#include "gateway/http/origin.hpp"

#include <map>

#include "tests/support/catch.hpp"

using namespace troupe::http;

namespace {

GetEnv environment(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const std::string& name) -> std::optional<std::string> {
    const auto at = values.find(name);
    return at == values.end() ? std::nullopt : std::optional<std::string>(at->second);
  };
}

Origin https(const std::string& host) {
  return {host, "443", true, {}, {}, {}};
}

}  // namespace

TEST_CASE("addresses are split, and what is none is said to be none") {
  CHECK(split_host_port("127.0.0.1:80")->port == "80");
  CHECK(split_host_port("[::1]:8080")->host == "::1");
  CHECK(split_host_port(":8080")->host == "0.0.0.0");
  for (const char* bad : {"", "host", "host:", "host:http", "host:99999"}) CHECK_FALSE(split_host_port(bad));
}

TEST_CASE("the environment's proxy serves https, but not what NO_PROXY names") {
  const auto env = environment(
      {{"HTTPS_PROXY", "http://proxy.example:3128"}, {"NO_PROXY", "internal.example, .corp:8443"}});
  auto outside = https("api.openai.com");
  choose_proxy(outside, "", env);
  CHECK(outside.proxy_host == "proxy.example");
  CHECK(outside.proxy_port == "3128");
  for (const char* host : {"internal.example", "a.internal.example"}) {
    auto origin = https(host);
    choose_proxy(origin, "", env);
    CHECK(origin.proxy_host.empty());
  }
}

TEST_CASE("plain HTTP to loopback never uses the environment's proxy") {
  Origin local{"127.0.0.1", "9100", false, {}, {}, {}};
  choose_proxy(local, "", environment({{"http_proxy", "http://proxy.example:3128"}}));
  CHECK(local.proxy_host.empty());
}

TEST_CASE("a configured proxy wins over the environment, and none switches it off") {
  const auto env = environment({{"HTTPS_PROXY", "http://other:1"}, {"NO_PROXY", "*"}});
  auto origin = https("api.openai.com");
  choose_proxy(origin, "http://mine:8888/", env);
  CHECK(origin.proxy_host == "mine");
  CHECK(origin.proxy_port == "8888");
  auto direct = https("api.openai.com");
  choose_proxy(direct, "none", environment({{"HTTPS_PROXY", "http://other:1"}}));
  CHECK(direct.proxy_host.empty());
}

TEST_CASE("NO_PROXY entries cover subdomains, whole labels only, and their port where they name one") {
  CHECK(no_proxy_covers("example.com", "api.example.com", "443"));
  CHECK(no_proxy_covers(".example.com", "API.EXAMPLE.com", "443"));
  CHECK_FALSE(no_proxy_covers("example.com", "badexample.com", "443"));
  CHECK(no_proxy_covers("a:8443", "a", "8443"));
  CHECK_FALSE(no_proxy_covers("a:8443", "a", "443"));
  CHECK_FALSE(no_proxy_covers("", "a", "443"));
}

TEST_CASE("a proxy's user and password become Basic credentials, and part of the identity, unreadably") {
  auto origin = Origin{"api.example", "443", true, {}, {}, {}, {}};
  choose_proxy(origin, "http://Aladdin:open%20sesame@mine:8888", environment({}));
  CHECK(origin.proxy_host == "mine");
  CHECK(origin.proxy_port == "8888");
  CHECK(origin.proxy_login == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // RFC 7617, section 2
  CHECK(origin.identity().find("QWxh") == std::string::npos);
  auto other = origin;
  other.proxy_login = "Basic other";
  CHECK(origin.identity() != other.identity());
  auto alone = Origin{"api.example", "443", true, {}, {}, {}, {}};
  choose_proxy(alone, "", environment({{"HTTPS_PROXY", "http://me@mine:1"}}));
  CHECK(alone.proxy_login == "Basic bWU6");
}

TEST_CASE("connections are shared only where host, trust and proxy are the same") {
  auto a = https("h");
  auto b = https("h");
  CHECK(a.identity() == b.identity());
  b.ca_file = "other.pem";
  CHECK(a.identity() != b.identity());
}
