#include "gateway/cloud/sigv4.hpp"

#include "tests/support/catch.hpp"

namespace troupe::cloud {
namespace {

const AwsKey kKey{"AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Secret()};
/// 2015-08-30 12:36:00 UTC, the moment of AWS' test suite.
const WallTime kWhen{std::chrono::seconds(1'440'938'160)};

std::string signature(const SignedCall& call, const AwsKey& key = kKey) {
  Signer signer("us-east-1", "service");
  const auto lines = signer.lines(call, key, kWhen);
  return lines.substr(lines.size() - 66, 64);
}

std::string get(std::string_view target) {
  return signature({"GET", "example.amazonaws.com", target, ""});
}
std::string post(std::string_view target) {
  return signature({"POST", "example.amazonaws.com", target, ""});
}
std::string with_header(std::string_view value) {
  return signature({"GET", "example.amazonaws.com", "/", "", {{"my-header1", value}}});
}

}  // namespace

// The signatures are those of AWS' Signature Version 4 test suite, under the names of its cases.
TEST_CASE("requests without a query are signed as AWS' test suite signs them") {
  // get-vanilla, get-unreserved, get-utf8, post-vanilla
  CHECK(get("/") == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  CHECK(get("/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") ==
        "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f");
  CHECK(get("/\u1234") == "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
  CHECK(post("/") == "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
}

TEST_CASE("the query is signed sorted and encoded, as AWS' test suite signs it") {
  // get-vanilla-query, get-vanilla-empty-query-key, ...-order-key-case, ...-unreserved,
  // get-vanilla-utf8-query
  CHECK(get("/?") == "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  CHECK(get("/?Param1=value1") == "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb");
  CHECK(get("/?Param2=value2&Param1=value1") ==
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
  const std::string all = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  CHECK(get("/?" + all + "=" + all) == "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197");
  CHECK(get("/?%E1%88%B4=bar") == "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04");
  // post-vanilla-query-nonunreserved, post-vanilla-query-space
  CHECK(post("/?%40%23%24%25%5E=&%2B=%2F%2C%3F%3E%3C%60%22%3B%3A%5C%7C%5D%5B%7B%7D") ==
        "66c82657c86e26fb25238d0e69f011edc4c6df5ae71119d7cb98ed9b87393c1e");
  CHECK(post("/?p=") == "e71688addb58a26418614085fb730ba3faa623b461c17f48f2fbdb9361b94a9b");
}

TEST_CASE("further headers are signed trimmed and in order, as AWS' test suite signs them") {
  // get-header-key-duplicate, get-header-value-order, get-header-value-trim, post-header-value-case
  CHECK(with_header("value2,value2,value1") ==
        "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea");
  CHECK(with_header("value4,value1,value3,value2") ==
        "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01");
  CHECK(signature({"GET",
                   "example.amazonaws.com",
                   "/",
                   "",
                   {{"my-header2", " \"a   b   c\" "}, {"my-header1", "  value1"}}}) ==
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
  CHECK(signature({"POST", "example.amazonaws.com", "/", "", {{"my-header1", "VALUE1"}}}) ==
        "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d");
}

TEST_CASE("the body is signed by its hash, as AWS' test suite signs it") {
  // post-x-www-form-urlencoded
  CHECK(signature({"POST",
                   "example.amazonaws.com",
                   "/",
                   "Param1=value1",
                   {{"content-type", "application/x-www-form-urlencoded"}}}) ==
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
}

TEST_CASE("a session token is sent and signed") {
  // post-sts-header-before
  AwsKey key = kKey;
  key.session_token = Secret(
      "AQoDYXdzEPT//////////"
      "wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTfl"
      "fKD8YUuwthAx7mSEI/qkPpKPi/"
      "kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvl"
      "Rd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+"
      "scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rv"
      "x3iSIlTJabIQwj2ICCR/oLxBA==");
  Signer signer("us-east-1", "service");
  const auto lines = signer.lines({"POST", "example.amazonaws.com", "/", ""}, key, kWhen);
  CHECK(lines == "x-amz-date: 20150830T123600Z\r\nx-amz-security-token: " + key.session_token.reveal() +
                     "\r\nauthorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/"
                     "aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature="
                     "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead\r\n");
}

TEST_CASE("the path is signed encoded once more, without relative segments") {
  CHECK(canonical_path("/model/a%3Ab%2Fc/converse") == "/model/a%253Ab%252Fc/converse");
  CHECK(canonical_path("") == "/");
  CHECK(canonical_path("/a//b/./c/../d/") == "/a/b/d/");
  CHECK(canonical_path("/..") == "/");
}

TEST_CASE("the query is signed with spaces as %20, a plus as itself and repeated names by value") {
  CHECK(canonical_query("b=2&a=z&a=%20y&c") == "a=%20y&a=z&b=2&c=");
  CHECK(canonical_query("a=1+1&b=%2b%zz") == "a=1%2B1&b=%2B%25zz");
  CHECK(canonical_query("&&") == "");
}

TEST_CASE("one signer signs for another day and another key as a new one would") {
  const SignedCall call{"POST", "h", "/model/m/converse", "{}"};
  AwsKey other = kKey;
  other.secret = Secret("other");
  Signer kept("eu-west-1", "bedrock");
  for (const auto& key : {kKey, other, kKey}) {
    for (const auto days : {0, 1, 1, 0}) {
      const auto when = kWhen + std::chrono::hours(24 * days);
      CHECK(kept.lines(call, key, when) == Signer("eu-west-1", "bedrock").lines(call, key, when));
    }
  }
  CHECK(kept.lines(call, kKey, kWhen) != kept.lines(call, other, kWhen));
}

}  // namespace troupe::cloud
