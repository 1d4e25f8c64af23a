#include "gateway/cloud/aws_answers.hpp"

#include "tests/gateway/cloud/world.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::cloud {
namespace {

using testing::moment;

std::string problem(int status, const std::string& body) {
  const auto read = read_aws_json({status, body}, moment(), "the place");
  REQUIRE_FALSE(read);
  CHECK(read.error().message.find("SECRET") == std::string::npos);
  return read.error().message;
}

}  // namespace

TEST_CASE("a key in JSON is read with its end on the monotonic clock") {
  const auto read =
      read_aws_json({200, R"({"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"A","SecretAccessKey":"S",)"
                          R"("Token":"T","Expiration":"2026-01-01T06:00:00Z"})"},
                    moment(), "x");
  REQUIRE(read);
  CHECK(read->key == AwsKey{"A", Secret("S"), Secret("T")});
  CHECK(read->end == moment().now + 6h);
}

TEST_CASE("a key without an end does not expire") {
  const auto read = read_aws_json({200, R"({"AccessKeyId":"A","SecretAccessKey":"S"})"}, moment(), "x");
  REQUIRE(read);
  CHECK(read->end == kNever);
}

TEST_CASE("what is no key is said with the service's short code and never with its words") {
  CHECK(problem(404, R"({"code":"NotFound","message":"SECRET"})") == "the place answered 404 (NotFound)");
  CHECK(problem(200, R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"SECRET"})") ==
        "the place answered 200 (AssumeRoleUnauthorizedAccess)");
  CHECK(problem(500, "SECRET") == "the place answered 500 (no reason given)");
  CHECK(problem(403, R"({"code":"SECRET words with spaces"})") == "the place answered 403 (no reason given)");
  CHECK(problem(200, "<html>") == "the place answered with something that is no JSON object");
  CHECK(problem(200, R"({"AccessKeyId":"A"})") == "the place answered without a key");
  CHECK(problem(200, R"({"AccessKeyId":"A\r\nx","SecretAccessKey":"SECRET"})") ==
        "the place answered without a key");
  CHECK(problem(200, R"({"AccessKeyId":5,"SecretAccessKey":"SECRET"})") ==
        "the place answered without a key");
  CHECK(problem(200, R"({"AccessKeyId":"A","SecretAccessKey":"SECRET","Expiration":"soon"})") ==
        "the place answered with an end that is no date");
}

TEST_CASE("a key of STS is read from its XML") {
  const std::string xml =
      "<AssumeRoleWithWebIdentityResponse "
      "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Result><Credentials>"
      "<SessionToken>T/+=</SessionToken><SecretAccessKey>S</SecretAccessKey>"
      "<Expiration>2026-01-01T01:00:00.123Z</Expiration><AccessKeyId>ASIA</AccessKeyId></Credentials></"
      "Result>";
  const auto read = read_sts_xml({200, xml}, moment());
  REQUIRE(read);
  CHECK(read->key == AwsKey{"ASIA", Secret("S"), Secret("T/+=")});
  CHECK(read->end == moment().now + 1h);
  const auto refused = read_sts_xml(
      {400, "<ErrorResponse><Error><Code>ExpiredTokenException</Code><Message>x</Message></Error>"},
      moment());
  CHECK(refused.error().message == "AWS STS answered 400 (ExpiredTokenException)");
  CHECK_FALSE(read_sts_xml({200, "<AccessKeyId>A"}, moment()));
}

TEST_CASE("dates are UTC to the second, far ones are never, old ones are over") {
  CHECK(read_end("2026-01-01T00:00:30Z", moment()).value() == moment().now + 30s);
  CHECK(read_end("2025-12-31T23:59:59.999999999Z", moment()).value() == moment().now - 1s);
  CHECK(read_end("9999-12-31T23:59:59Z", moment()).value() == kNever);
  CHECK(read_end("0001-01-01T00:00:00Z", moment()).value() < moment().now);
  for (const auto* text : {"", "2026-01-01T00:00:30", "2026-13-01T00:00:30Z", "2026-01-01T24:00:00Z",
                           "2026-01-0aT00:00:00Z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00+01:00"})
    CHECK_FALSE(read_end(text, moment()));
}

}  // namespace troupe::cloud
