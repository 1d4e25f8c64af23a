#include "gateway/admin/guard.hpp"

#include "tests/gateway/admin/fakes.hpp"
#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

const config::Secret kToken("correct horse");
const config::Secret kNone;

http::Request with(http::Request request, std::string name, std::string value) {
  std::erase_if(request.headers, [&](const auto& header) { return header.first == name; });
  request.headers.emplace_back(std::move(name), std::move(value));
  return request;
}

http::Request from(http::Request request, std::string peer) {
  request.peer = std::move(peer);
  return request;
}

TEST_CASE("with a token only its bearer may enter, from anywhere") {
  const auto far = from(get("/keys"), "10.0.0.9:1234");
  CHECK(admit(with(far, "authorization", "Bearer correct horse"), kToken) == Entry::allowed);
  CHECK(admit(with(far, "authorization", "bearer correct horse"), kToken) == Entry::allowed);
  for (const auto* wrong : {"Bearer correct hors", "Bearer correct horse ", "Bearer ", "correct horse", ""})
    CHECK(admit(with(far, "authorization", wrong), kToken) == Entry::unauthorised);
  CHECK(admit(get("/keys"), kToken) == Entry::unauthorised);
}

TEST_CASE("without a token only loopback may enter") {
  CHECK(admit(get("/keys"), kNone) == Entry::allowed);
  CHECK(admit(from(get("/keys"), "[::1]:1234"), kNone) == Entry::allowed);
  CHECK(admit(from(get("/keys"), "10.0.0.9:1234"), kNone) == Entry::unauthorised);
  CHECK(admit(from(get("/keys"), ""), kNone) == Entry::unauthorised);
}

TEST_CASE("without a token a foreign host name is refused: DNS rebinding") {
  for (const auto* host : {"localhost:9901", "LOCALHOST", "127.0.0.1", "127.8.9.1:80", "[::1]:9901"})
    CHECK(admit(with(get("/keys"), "host", host), kNone) == Entry::allowed);
  for (const auto* host : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "0.0.0.0"})
    CHECK(admit(with(get("/keys"), "host", host), kNone) == Entry::forbidden);
}

TEST_CASE("without a token another site cannot make changes") {
  CHECK(admit(post("/drain"), kNone) == Entry::allowed);
  CHECK(admit(with(post("/drain"), "origin", "http://127.0.0.1:9901"), kNone) == Entry::allowed);
  for (const auto* origin : {"https://evil.example", "null", "http://localhost.evil.example"})
    CHECK(admit(with(post("/drain"), "origin", origin), kNone) == Entry::forbidden);
  CHECK(admit(with(get("/keys"), "origin", "https://evil.example"), kNone) == Entry::allowed);
}

}  // namespace
}  // namespace troupe::admin
