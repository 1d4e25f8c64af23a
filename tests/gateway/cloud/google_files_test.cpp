#include "gateway/cloud/google_files.hpp"

#include "tests/gateway/cloud/world.hpp"
#include "tests/support/catch.hpp"

namespace troupe::cloud {
namespace {

using testing::has;
using testing::World;

std::string account(const std::string& email) {
  return R"({"type":"service_account","project_id":"p","private_key":"SECRET","client_email":")" + email +
         R"("})";
}

std::string email(World& world, const GoogleOptions& options = {}) {
  const auto place = find_google(options, world.environment());
  REQUIRE(place);
  return std::get<GoogleServiceAccount>(*place).email;
}

std::string refused(const std::string& text) {
  const auto place = read_google_json(text, "the file");
  REQUIRE_FALSE(place);
  CHECK(place.error().fault == Fault::provider_key_dead);
  CHECK_FALSE(has(place.error().message, "SECRET"));
  return place.error().message;
}

}  // namespace

TEST_CASE("the places are asked in Google's order: configuration, variable, gcloud's file, metadata server") {
  World world;
  world.variables = {{"GOOGLE_APPLICATION_CREDENTIALS", "/named"}, {"HOME", "/h"}};
  world.files = {{"/given", account("given")},
                 {"/named", account("named")},
                 {"/h/.config/gcloud/application_default_credentials.json", account("usual")},
                 {"/sdk/application_default_credentials.json", account("sdk")}};
  GoogleOptions options;
  options.file = "/given";
  CHECK(email(world, options) == "given");
  options.json = Secret(account("text"));
  CHECK(email(world, options) == "text");
  CHECK(email(world) == "named");
  world.variables.erase("GOOGLE_APPLICATION_CREDENTIALS");
  CHECK(email(world) == "usual");
  world.variables["CLOUDSDK_CONFIG"] = "/sdk";
  CHECK(email(world) == "sdk");
  world.files.clear();
  const auto place = find_google({}, world.environment());
  REQUIRE(place);
  CHECK(std::get<GoogleInstance>(*place).service == Url{"metadata.google.internal", "80", "/", false});
  world.variables["NO_GCE_CHECK"] = "true";
  CHECK_FALSE(find_google({}, world.environment()));
}

TEST_CASE("a file that is named and cannot be read is a mistake, not a reason to look further") {
  World world;
  world.variables["GOOGLE_APPLICATION_CREDENTIALS"] = "/absent";
  const auto place = find_google({}, world.environment());
  REQUIRE_FALSE(place);
  CHECK(place.error().message == "cannot read the Google credential file /absent");
}

TEST_CASE("what is missing in a file is named, other types are refused, what it holds is never repeated") {
  CHECK(refused("SECRET") == "the file is no JSON object");
  CHECK(refused("[]") == "the file is no JSON object");
  CHECK(has(refused(R"({"type":"external_account","x":"SECRET"})"), "not supported"));
  CHECK(has(refused(R"({"private_key":"SECRET"})"), "not supported"));
  CHECK(refused(R"({"type":"service_account","private_key":"SECRET"})") == "the file has no `client_email`");
  CHECK(refused(R"({"type":"service_account","client_email":"e"})") == "the file has no `private_key`");
  CHECK(refused(R"({"type":"authorized_user","client_id":"i","client_secret":"SECRET"})") ==
        "the file has no `refresh_token`");
}

TEST_CASE("a token URL must be https or on this machine, and is Google's where the file names none") {
  const auto with = [](const std::string& uri) {
    return R"({"type":"service_account","private_key":"SECRET","client_email":"e","token_uri":")" + uri +
           R"("})";
  };
  CHECK(has(refused(with("http://oauth2.googleapis.com/token")), "must be an https:// URL"));
  const auto local = read_google_json(with("http://127.0.0.1:9/token"), "f");
  REQUIRE(local);
  CHECK(std::get<GoogleServiceAccount>(*local).audience == "http://127.0.0.1:9/token");
  const auto usual = read_google_json(account("e"), "f");
  REQUIRE(usual);
  CHECK(std::get<GoogleServiceAccount>(*usual).token == Url{"oauth2.googleapis.com", "443", "/token", true});
}

TEST_CASE("the project is the variable's or the file's") {
  World world;
  GoogleOptions options;
  options.json = Secret(account("e"));
  CHECK(find_google_project(options, world.environment()) == "p");
  options.json =
      Secret(R"({"type":"authorized_user","client_id":"i","client_secret":"s","refresh_token":"r",)"
             R"("quota_project_id":"q"})");
  CHECK(find_google_project(options, world.environment()) == "q");
  world.variables["GOOGLE_CLOUD_PROJECT"] = "v";
  CHECK(find_google_project(options, world.environment()) == "v");
  world.variables.clear();
  CHECK(find_google_project({}, world.environment()).empty());
  options.json = Secret("broken");
  CHECK(find_google_project(options, world.environment()).empty());
}

}  // namespace troupe::cloud
