#include "gateway/cloud/aws_places.hpp"

#include "tests/gateway/cloud/world.hpp"
#include "tests/support/catch.hpp"

namespace troupe::cloud {
namespace {

using testing::has;
using testing::World;

template <class Place>
Place found(World& world, const AwsOptions& options = {}) {
  const auto place = find_aws(options, world.environment());
  REQUIRE(place);
  REQUIRE(std::holds_alternative<Place>(*place));
  return std::get<Place>(*place);
}

std::string refused(World& world, const AwsOptions& options = {}) {
  const auto place = find_aws(options, world.environment());
  REQUIRE_FALSE(place);
  CHECK(place.error().fault == Fault::provider_key_dead);
  CHECK_FALSE(has(place.error().message, "SECRET"));
  return place.error().message;
}

/// Everything at once, so that the order shows.
World full() {
  World world;
  world.variables = {{"HOME", "/home/t"},
                     {"AWS_ACCESS_KEY_ID", "AKIDENV"},
                     {"AWS_SECRET_ACCESS_KEY", "SECRET-env"},
                     {"AWS_SESSION_TOKEN", "SECRET-token"},
                     {"AWS_WEB_IDENTITY_TOKEN_FILE", "/var/token"},
                     {"AWS_ROLE_ARN", "arn:aws:iam::1:role/r"},
                     {"AWS_REGION", "eu-west-1"},
                     {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/7"}};
  world.files = {{"/var/token", "SECRET-jwt\n"},
                 {"/home/t/.aws/credentials",
                  "[default]\naws_access_key_id=AKIDFILE\naws_secret_access_key=SECRET-file\n"
                  "[other]\naws_access_key_id=AKIDOTHER\naws_secret_access_key=SECRET-other\n"
                  "aws_session_token=SECRET-session\n"},
                 {"/home/t/.aws/config",
                  "[default]\nregion=us-west-2\naws_access_key_id=AKIDCONFIG\n"
                  "[profile other]\nregion=ap-south-1\n"}};
  return world;
}

World without(World world, std::initializer_list<const char*> names) {
  for (const auto* name : names) world.variables.erase(name);
  return world;
}

}  // namespace

TEST_CASE(
    "the places are asked in AWS' order: configuration, environment, web identity, profile, container, "
    "instance") {
  auto world = full();
  AwsOptions configured;
  configured.key = {"AKIDCONF", Secret("SECRET"), Secret()};
  CHECK(found<AwsStatic>(world, configured).key.id == "AKIDCONF");
  const auto key = found<AwsStatic>(world).key;
  CHECK(key == AwsKey{"AKIDENV", Secret("SECRET-env"), Secret("SECRET-token")});

  world = without(world, {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"});
  const auto identity = found<AwsWebIdentity>(world);
  CHECK(identity.sts.authority() == "sts.eu-west-1.amazonaws.com");
  CHECK(identity.token.reveal() == "SECRET-jwt");
  CHECK(identity.session == "troupe");

  world = without(world, {"AWS_WEB_IDENTITY_TOKEN_FILE"});
  CHECK(found<AwsStatic>(world).key.id == "AKIDFILE");

  world.files.clear();
  CHECK(found<AwsContainer>(world).url == Url{"169.254.170.2", "80", "/v2/credentials/7", false});

  world = without(world, {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"});
  CHECK(found<AwsInstance>(world).service.host == "169.254.169.254");
}

TEST_CASE("a configured profile is used and nothing else") {
  auto world = full();
  AwsOptions options;
  options.profile = "other";
  CHECK(found<AwsStatic>(world, options).key ==
        AwsKey{"AKIDOTHER", Secret("SECRET-other"), Secret("SECRET-session")});
  options.profile = "absent";
  CHECK(has(refused(world, options), "no AWS profile \"absent\""));
  world.files["/home/t/.aws/config"] += "[profile empty]\nregion=x\n";
  options.profile = "empty";
  CHECK(has(refused(world, options), "has no credentials"));
}

TEST_CASE("AWS_PROFILE and the places of the files can be set by variables") {
  World world;
  world.variables = {{"AWS_PROFILE", "p"}, {"AWS_SHARED_CREDENTIALS_FILE", "/c"}, {"AWS_CONFIG_FILE", "/f"}};
  world.files = {{"/c", "[p]\naws_access_key_id=A\naws_secret_access_key=S"},
                 {"/f", "[profile p]\nregion=r"}};
  CHECK(found<AwsStatic>(world).key.id == "A");
  CHECK(find_aws_region({}, world.environment()) == "r");
}

TEST_CASE("half a key is a mistake that is named, not a reason to look further") {
  auto world = without(full(), {"AWS_SECRET_ACCESS_KEY"});
  CHECK(has(refused(world), "the environment gives an access key id without its secret"));
  world = without(full(), {"AWS_ACCESS_KEY_ID"});
  CHECK(has(refused(world), "without its id"));
  world = without(full(), {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_WEB_IDENTITY_TOKEN_FILE"});
  world.files["/home/t/.aws/credentials"] = "[default]\n";
  CHECK(has(refused(world), "AWS profile \"default\" gives an access key id"));
  world.variables["AWS_ACCESS_KEY_ID"] = "A\r\nx: y";
  world.variables["AWS_SECRET_ACCESS_KEY"] = "SECRET";
  CHECK(has(refused(world), "characters"));
}

TEST_CASE("what only AWS' own tools can do is refused by its name") {
  World world;
  world.variables = {{"HOME", "/h"}};
  for (const std::string setting : {"credential_process", "sso_session", "sso_start_url", "source_profile"}) {
    world.files["/h/.aws/config"] = "[default]\nrole_arn=r\n" + setting + " = /bin/x SECRET\n";
    CHECK(has(refused(world), "`" + setting + "`, which is not supported"));
  }
  // The role is what the profile means, even where its key stands beside it.
  world.files["/h/.aws/config"] =
      "[default]\nrole_arn=r\naws_access_key_id=A\naws_secret_access_key=SECRET\n";
  CHECK(has(refused(world), "`role_arn`"));
}

TEST_CASE("a profile may name a web identity") {
  World world;
  world.variables = {{"HOME", "/h"}};
  world.files = {{"/h/.aws/config",
                  "[default]\nrole_arn=r\nweb_identity_token_file=/t\nregion=cn-north-1\n"
                  "role_session_name=me\n"},
                 {"/t", "SECRET"}};
  const auto identity = found<AwsWebIdentity>(world);
  CHECK(identity.role == "r");
  CHECK(identity.session == "me");
  CHECK(identity.sts.host == "sts.cn-north-1.amazonaws.com.cn");
  world.files.erase("/t");
  CHECK(has(refused(world), "cannot read the web identity token file /t"));
  world.files["/h/.aws/config"] = "[default]\nweb_identity_token_file=/t\n";
  CHECK(has(refused(world), "without a role"));
}

TEST_CASE("STS is asked at its region, globally without one, or where the endpoint variable says") {
  World world;
  world.variables = {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}, {"AWS_ROLE_ARN", "r"}};
  world.files = {{"/t", "jwt"}};
  CHECK(found<AwsWebIdentity>(world).sts.authority() == "sts.amazonaws.com");
  world.variables["AWS_ENDPOINT_URL_STS"] = "http://127.0.0.1:99";
  CHECK(found<AwsWebIdentity>(world).sts.authority() == "127.0.0.1:99");
  world.variables["AWS_ENDPOINT_URL_STS"] = "http://sts.example";
  CHECK(has(refused(world), "https://"));
}

TEST_CASE("a container's credentials come from its own host or over https, with its token") {
  World world;
  world.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "SECRET-direct";
  for (const auto* url : {"http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1",
                          "http://localhost:1/x", "https://anywhere.example/x"}) {
    world.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    CHECK(found<AwsContainer>(world).authorization.reveal() == "SECRET-direct");
  }
  for (const auto* url : {"http://anywhere.example/x", "ftp://localhost/", "nothing"}) {
    world.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    CHECK(has(refused(world), "AWS_CONTAINER_CREDENTIALS_FULL_URI must be"));
  }
  world.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://localhost/";
  world.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/t";
  CHECK(has(refused(world), "cannot read"));
  world.files["/t"] = "SECRET-file\n";
  CHECK(found<AwsContainer>(world).authorization.reveal() == "SECRET-file");
  world.files["/t"] = "SECRET\r\nx: y";
  CHECK(has(refused(world), "no header value"));
}

TEST_CASE("the instance is asked where the variables say, or not at all") {
  World world;
  world.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6";
  CHECK(found<AwsInstance>(world).service.host == "fd00:ec2::254");
  world.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = "http://127.0.0.1:5/prefix/";
  CHECK(found<AwsInstance>(world).service.target == "/prefix/");
  world.variables["AWS_EC2_METADATA_DISABLED"] = "true";
  CHECK(has(refused(world), "no AWS credentials"));
}

TEST_CASE("the region is the configuration's, a variable's or the profile's") {
  auto world = full();
  AwsOptions options;
  options.region = "conf";
  CHECK(find_aws_region(options, world.environment()) == "conf");
  CHECK(find_aws_region({}, world.environment()) == "eu-west-1");
  world.variables.erase("AWS_REGION");
  CHECK(find_aws_region({}, world.environment()) == "us-west-2");
  options = {};
  options.profile = "other";
  CHECK(find_aws_region(options, world.environment()) == "ap-south-1");
  world.variables["AWS_DEFAULT_REGION"] = "d";
  CHECK(find_aws_region({}, world.environment()) == "d");
  world.variables.clear();
  CHECK(find_aws_region({}, world.environment()).empty());
}

}  // namespace troupe::cloud
