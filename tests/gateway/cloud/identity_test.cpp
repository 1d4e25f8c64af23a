#include "gateway/cloud/identity.hpp"

#include "tests/gateway/cloud/world.hpp"
#include "tests/support/catch.hpp"

namespace troupe::cloud {
namespace {

using testing::moment;
using testing::World;

const SignedCall kCall{"POST", "bedrock-runtime.eu-west-1.amazonaws.com", "/model/m%3A0/converse", "{}"};

}  // namespace

TEST_CASE("an AWS call is signed with the current key for its service and region") {
  World world;
  world.variables = {{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "S"}, {"AWS_REGION", "eu-west-1"}};
  const auto identity = aws_identity({}, "bedrock", world.environment());
  CHECK_FALSE(identity->source().next(moment()));
  const auto* credential = identity->source().current(moment().now);
  REQUIRE(credential != nullptr);
  Signer signer("eu-west-1", "bedrock");
  CHECK(identity->lines(*credential, kCall, moment().wall) ==
        signer.lines(kCall, {"A", Secret("S"), Secret()}, moment().wall));
}

TEST_CASE("a Google call carries its token, and the project where the login names one") {
  World world;
  world.variables = {{"GOOGLE_APPLICATION_CREDENTIALS", "/f"}};
  world.files = {
      {"/f", R"({"type":"authorized_user","client_id":"i","client_secret":"s","refresh_token":"r"})"}};
  const auto identity = google_identity({}, world.environment());
  REQUIRE(identity->source().next(moment()));
  identity->source().answered({200, R"({"access_token":"ya29.t","expires_in":3600})"}, moment());
  auto credential = *identity->source().current(moment().now);
  CHECK(identity->lines(credential, kCall, moment().wall) == "authorization: Bearer ya29.t\r\n");
  credential.project = "billed";
  CHECK(identity->lines(credential, kCall, moment().wall) ==
        "authorization: Bearer ya29.t\r\nx-goog-user-project: billed\r\n");
  credential.project = "x\r\ny: z";
  CHECK(identity->lines(credential, kCall, moment().wall) == "authorization: Bearer ya29.t\r\n");
}

}  // namespace troupe::cloud
