#include "gateway/cache/key.hpp"

#include <cstring>

#include "tests/support/catch.hpp"

using namespace troupe;
using dialects::Operation;

namespace {

constexpr std::string_view kBody = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})";

dialects::Request request(std::string_view body, Operation operation = Operation::chat) {
  auto parsed = dialects::parse_request(operation, std::string(body));
  REQUIRE(parsed);
  return std::move(*parsed);
}

cache::Digest key(const dialects::Request& asked, const cache::Circle& circle = {"t", "p", "a"}) {
  const auto digest = cache::digest_of(asked, circle);
  REQUIRE(digest);
  return *digest;
}

}  // namespace

TEST_CASE("the same question has the same key, however it is written") {
  CHECK(
      key(request(kBody)) ==
      key(request(R"({"messages":[{"content":"hi","role":"user"}],"user":"x","stream":false,"model":"m"})")));
}

TEST_CASE("tenant, policy, alias and its definition are part of the key") {
  const auto base = key(request(kBody));
  CHECK(base != key(request(kBody), {"u", "p", "a"}));
  CHECK(base != key(request(kBody), {"t", "q", "a"}));
  CHECK(base != key(request(kBody), {"t", "p", "b"}));
  CHECK(base != key(request(kBody), {"tp", "", "a"}));
  auto other = request(kBody);
  other.model = "n";  // where a rule sent it
  CHECK(base != key(other));
}

TEST_CASE("streams are other answers than whole ones, and with usage others again") {
  const auto whole = key(request(kBody));
  const auto stream =
      key(request(R"({"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]})"));
  const auto usage = key(request(
      R"({"model":"m","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]})"));
  CHECK(whole != stream);
  CHECK(stream != usage);
  CHECK(whole != usage);
}

TEST_CASE("endpoints do not share answers, nor do versions and betas of one") {
  constexpr std::string_view body =
      R"({"model":"m","max_tokens":5,"messages":[{"role":"user","content":"hi"}]})";
  auto messages = request(body, Operation::messages);
  CHECK(key(request(body)) != key(messages));
  const auto plain = key(messages);
  messages.pass_on.emplace_back("anthropic-beta", "x");
  const auto beta = key(messages);
  CHECK(plain != beta);
  messages.pass_on.back().second = "y";
  CHECK(beta != key(messages));
}

TEST_CASE("a question that the provider's memory is part of is not cached") {
  const cache::Circle circle{"t", "p", "a"};
  const auto cached = [&](std::string_view body) {
    return cache::digest_of(request(body, Operation::responses), circle).has_value();
  };
  CHECK(cached(R"({"model":"m","input":"hi"})"));
  CHECK_FALSE(cached(R"({"model":"m","input":"hi","previous_response_id":"resp_1"})"));
  CHECK_FALSE(cached(R"({"model":"m","input":"hi","conversation":{"id":"c"}})"));
  CHECK_FALSE(cached(R"({"model":"m","input":"hi","background":true})"));
  CHECK(cache::digest_of(request(R"({"model":"m","prompt":"hi"})", Operation::completions), circle));
  CHECK_FALSE(cache::digest_of(request(kBody, Operation::count_tokens), circle));
}

TEST_CASE("a question that is too long to hash in passing is not cached") {
  const std::string body =
      R"({"model":"m","messages":[{"role":"user","content":")" + std::string(1 << 20, 'x') + R"("}]})";
  CHECK_FALSE(cache::digest_of(request(body), {"t", "p", "a"}));
}

TEST_CASE("the digest is SHA-256 (FIPS 180-2, appendix B.1)") {
  const auto digest = cache::digest("abc");
  const unsigned char first[8] = {0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea};
  CHECK(std::memcmp(&digest.a, first, 8) == 0);
}
