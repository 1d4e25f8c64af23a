#include "gateway/cloud/aws_credentials.hpp"

#include "tests/gateway/cloud/world.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::cloud {
namespace {

using testing::has;
using testing::moment;
using testing::World;

std::string json_key(const std::string& id, const std::string& end) {
  return R"({"Code":"Success","AccessKeyId":")" + id +
         R"(","SecretAccessKey":"SECRET","Token":"SECRET-T","Expiration":")" + end + R"("})";
}

/// A chain in a world, at a moment that the test moves.
struct Rig {
  World world;
  Moment at = moment();
  AwsCredentials source{{}, world.environment()};

  Ask next() {
    auto ask = source.next(at);
    REQUIRE(ask);
    return *ask;
  }
  void answer(int status, const std::string& body) { source.answered({status, body}, at); }
  void pass(Duration span) { at = {at.now + span, at.wall + span}; }
  std::string id() {
    const auto* current = source.current(at.now);
    return current == nullptr ? "" : current->aws.id;
  }
  std::string problem() {
    REQUIRE(source.problem());
    CHECK_FALSE(has(source.problem()->message, "SECRET"));
    return source.problem()->message;
  }
};

struct Container : Rig {
  Container() {
    world.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
    world.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "SECRET-auth";
  }
};

}  // namespace

TEST_CASE("a static key is there without a request, and stays") {
  Rig rig;
  rig.world.variables = {{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "SECRET"}};
  CHECK_FALSE(rig.source.next(rig.at));
  CHECK(rig.id() == "A");
  CHECK(rig.source.due() == kNever);
  rig.pass(10000h);
  CHECK(rig.id() == "A");
}

TEST_CASE("an instance is asked for a session, its role, then the role's key, without a proxy") {
  Rig rig;
  auto ask = rig.next();
  CHECK(ask.method == "PUT");
  CHECK(ask.url == Url{"169.254.169.254", "80", "/latest/api/token", false});
  CHECK(ask.headers.front().first == "x-aws-ec2-metadata-token-ttl-seconds");
  CHECK(ask.direct);
  CHECK_FALSE(rig.source.next(rig.at));  // one at a time
  CHECK(rig.source.due() == kNever);

  rig.answer(200, "SESSION==");
  CHECK(rig.source.due() <= rig.at.now);
  ask = rig.next();
  CHECK(ask.method == "GET");
  CHECK(ask.url.target == "/latest/meta-data/iam/security-credentials/");
  CHECK(ask.headers ==
        std::vector<std::pair<std::string, std::string>>{{"x-aws-ec2-metadata-token", "SESSION=="}});

  rig.answer(200, "my role\nanother\n");
  ask = rig.next();
  CHECK(ask.url.target == "/latest/meta-data/iam/security-credentials/my%20role");
  CHECK(ask.headers.front().second == "SESSION==");

  rig.answer(200, json_key("ASIA1", "2026-01-01T06:00:00Z"));
  CHECK(rig.id() == "ASIA1");
  CHECK(rig.source.due() == rig.at.now + 6h - 5min);
  rig.pass(6h - 5min);
  CHECK(rig.next().method == "PUT");
  CHECK(rig.id() == "ASIA1");  // still good while the next one is fetched
  rig.pass(5min);
  CHECK(rig.id().empty());
}

TEST_CASE("a machine that is no instance is said to have no credentials anywhere") {
  Rig rig;
  rig.next();
  rig.source.unanswered("connection refused", rig.at);
  CHECK(has(rig.problem(), "no AWS credentials in the environment"));
  CHECK(has(rig.problem(), "connection refused"));
  CHECK(rig.source.problem()->fault == Fault::provider_key_dead);
  CHECK(rig.source.due() == rig.at.now + 1s);
  CHECK_FALSE(rig.source.next(rig.at));
  rig.pass(1s);
  CHECK(rig.next().method == "PUT");
}

TEST_CASE("each refusal of the metadata service is named") {
  const auto after = [](const std::vector<Reply>& replies) {
    Rig rig;
    for (const auto& reply : replies) {
      rig.next();
      rig.source.answered(reply, rig.at);
    }
    return rig.problem();
  };
  CHECK(has(after({{403, ""}}), "no session token (403)"));
  CHECK(has(after({{200, "SECRET\r\nx: y"}}), "no session token (200)"));
  CHECK(has(after({{200, "t"}, {404, "not found"}}), "no role, and no AWS credentials were found elsewhere"));
  CHECK(has(after({{200, "t"}, {200, ""}}), "names no role (200)"));
  CHECK(has(after({{200, "t"}, {401, ""}}), "names no role (401)"));
  CHECK(has(after({{200, "t"}, {200, "r"}, {200, R"({"Code":"Failed"})"}}), "200 (Failed)"));
  CHECK(has(after({{200, "t"}, {200, "r"}, {200, json_key("A", "2025-12-31T23:00:00Z")}}), "have expired"));
}

TEST_CASE("silence in the middle is not taken for a machine that is no instance") {
  Rig rig;
  rig.next();
  rig.answer(200, "t");
  rig.next();
  rig.source.unanswered("timeout", rig.at);
  CHECK(rig.problem() == "the instance metadata service stopped answering: timeout");
}

TEST_CASE("a container's key is asked for with its token, and renewed from the file that is there then") {
  Container rig;
  auto ask = rig.next();
  CHECK(ask.url.target == "/v1/credentials");
  CHECK(ask.headers == std::vector<std::pair<std::string, std::string>>{{"authorization", "SECRET-auth"}});
  CHECK(ask.direct);
  rig.answer(200, json_key("ASIA1", "2026-01-01T01:00:00Z"));
  CHECK(rig.id() == "ASIA1");
  rig.pass(55min);
  rig.world.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "SECRET-newer";
  CHECK(rig.next().headers.front().second == "SECRET-newer");
  rig.answer(200, json_key("ASIA2", "2026-01-01T02:00:00Z"));
  CHECK(rig.id() == "ASIA2");
}

TEST_CASE("a renewal that fails leaves the old key until its end, and is repeated") {
  Container rig;
  rig.next();
  rig.answer(200, json_key("ASIA1", "2026-01-01T01:00:00Z"));
  rig.pass(55min);
  rig.next();
  rig.answer(500, "");
  CHECK(rig.problem() == "the container's credential endpoint answered 500 (no reason given)");
  CHECK(rig.source.problem()->fault == Fault::provider_server_error);
  CHECK(rig.id() == "ASIA1");
  rig.pass(1s);
  rig.next();
  rig.source.unanswered("timeout", rig.at);
  CHECK(rig.problem() == "the container's credential endpoint does not answer: timeout");
  rig.pass(2s);
  rig.next();
  rig.answer(200, json_key("ASIA2", "2026-01-01T02:00:00Z"));
  CHECK(rig.id() == "ASIA2");
  CHECK_FALSE(rig.source.problem());
}

TEST_CASE("a web identity is changed for a key by an unsigned form") {
  Rig rig;
  rig.world.variables = {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"},
                         {"AWS_ROLE_ARN", "arn:aws:iam::1:role/r"},
                         {"AWS_REGION", "eu-west-1"}};
  rig.world.files = {{"/t", "jwt.a/b"}};
  const auto ask = rig.next();
  CHECK(ask.method == "POST");
  CHECK(ask.url == Url{"sts.eu-west-1.amazonaws.com", "443", "/", true});
  CHECK(ask.body ==
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"
        "&RoleSessionName=troupe&WebIdentityToken=jwt.a%2Fb");
  CHECK_FALSE(ask.direct);
  rig.source.unanswered("timeout", rig.at);
  CHECK(rig.problem() == "AWS STS does not answer: timeout");
  CHECK(rig.source.problem()->fault == Fault::provider_connect);
  rig.pass(1s);
  rig.next();
  rig.answer(200,
             "<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>SECRET</SecretAccessKey>"
             "<SessionToken>SECRET</SessionToken><Expiration>2026-01-01T01:00:00Z</Expiration>");
  CHECK(rig.id() == "ASIA");
}

TEST_CASE("a place that cannot be used is a problem without a request, looked at again later") {
  Rig rig;
  rig.world.variables = {{"AWS_ACCESS_KEY_ID", "A"}};
  CHECK_FALSE(rig.source.next(rig.at));
  CHECK(has(rig.problem(), "without its secret"));
  rig.world.variables["AWS_SECRET_ACCESS_KEY"] = "SECRET";
  CHECK_FALSE(rig.source.next(rig.at));
  CHECK(rig.id().empty());
  rig.pass(1s);
  CHECK_FALSE(rig.source.next(rig.at));
  CHECK(rig.id() == "A");
}

TEST_CASE(
    "a key that the provider calls expired is fetched again once, and an older one's rejection is no news") {
  Container rig;
  rig.next();
  rig.answer(200, json_key("ASIA1", "2026-01-01T06:00:00Z"));
  rig.pass(1h);
  const auto first = rig.source.current(rig.at.now)->version;
  CHECK(rig.source.rejected(first, rig.at.now));
  CHECK(rig.id().empty());
  rig.next();
  CHECK(rig.source.rejected(first, rig.at.now));  // another call with the same key: its renewal is under way
  rig.answer(200, json_key("ASIA2", "2026-01-01T06:00:00Z"));
  const auto second = rig.source.current(rig.at.now)->version;
  CHECK(second > first);
  CHECK(rig.source.rejected(first, rig.at.now));  // answered late: there is a newer one
  CHECK(rig.id() == "ASIA2");
  CHECK_FALSE(rig.source.rejected(second, rig.at.now));  // the new one as well: asking again would not help
  CHECK(rig.id() == "ASIA2");
}

TEST_CASE("an answer that comes after it was given up is nobody's") {
  Container rig;
  rig.next();
  rig.source.unanswered("timeout", rig.at);
  rig.answer(200, json_key("ASIA1", "2026-01-01T01:00:00Z"));
  CHECK(rig.id().empty());
}

}  // namespace troupe::cloud
