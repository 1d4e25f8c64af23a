#include "gateway/admin/assets.hpp"

#include "tests/gateway/admin/fakes.hpp"
#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

std::string header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

TEST_CASE("the dashboard is served with a policy that allows nothing foreign") {
  Port port;
  const auto page = port.serve(get("/"));
  CHECK(page.content_type == "text/html; charset=utf-8");
  CHECK(has(page.body, "<!doctype html>"));
  CHECK(has(header(page, "content-security-policy"), "default-src 'none'"));
}

TEST_CASE("an unchanged file is not sent again") {
  Port port;
  auto request = get("/");
  request.headers.emplace_back("if-none-match", header(port.serve(request), "etag"));
  const auto again = port.serve(request);
  CHECK(again.status == 304);
  CHECK(again.body.empty());
}

TEST_CASE("the page is served without the token, so that it can ask for it") {
  Port port;
  port.config->server.admin_token = config::Secret("t0ken");
  CHECK(port.serve(get("/")).status == 200);
}

TEST_CASE("without a token the page is for loopback only") {
  Port port;
  auto request = get("/");
  request.peer = "10.0.0.9:1";
  CHECK(port.serve(request).status == 401);
}

TEST_CASE("no file has inline scripts or styles, which the policy would block") {
  for (const auto& file : embedded_files()) {
    const std::string text(file.bytes);
    CHECK_FALSE(has(text, "style=\""));
    CHECK_FALSE(has(text, "onclick="));
    CHECK_FALSE(has(text, "innerHTML"));
  }
}

}  // namespace
}  // namespace troupe::admin
