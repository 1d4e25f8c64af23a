#include "gateway/cloud/google_credentials.hpp"

#include <nlohmann/json.hpp>

#include "tests/gateway/cloud/rsa.hpp"
#include "tests/gateway/cloud/world.hpp"
#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::cloud {
namespace {

using testing::has;
using testing::moment;
using testing::World;
using Json = nlohmann::json;

Json account() {
  return {{"type", "service_account"},
          {"project_id", "p1"},
          {"private_key_id", "kid1"},
          {"private_key", testing::pem_of(testing::rsa_key())},
          {"client_email", "robot@p1.iam.gserviceaccount.com"},
          {"token_uri", "https://oauth2.googleapis.com/token"}};
}
Json user() {
  return {{"type", "authorized_user"},
          {"client_id", "id"},
          {"client_secret", "SECRET c"},
          {"refresh_token", "SECRET/r"},
          {"quota_project_id", "billed"}};
}

std::string decoded(std::string text) {
  for (auto& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  const auto padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string bytes(text.size(), '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

struct Rig {
  World world;
  Moment at = moment();
  GoogleCredentials source;

  explicit Rig(const Json& file) : source({}, world.environment()) {
    if (file.is_object()) {
      world.variables["GOOGLE_APPLICATION_CREDENTIALS"] = "/adc";
      world.files["/adc"] = file.dump();
    }
  }
  Ask next() {
    auto ask = source.next(at);
    REQUIRE(ask);
    return *ask;
  }
  void answer(int status, const std::string& body) { source.answered({status, body}, at); }
  void pass(Duration span) { at = {at.now + span, at.wall + span}; }
  std::string token() {
    const auto* current = source.current(at.now);
    return current == nullptr ? "" : current->bearer.reveal();
  }
  std::string problem() {
    REQUIRE(source.problem());
    CHECK_FALSE(has(source.problem()->message, "SECRET"));
    CHECK_FALSE(has(source.problem()->message, "PRIVATE KEY"));
    return source.problem()->message;
  }
};

}  // namespace

TEST_CASE("a service account presents an assertion that its key signed, for an hour and this audience") {
  Rig rig(account());
  const auto ask = rig.next();
  CHECK(ask.method == "POST");
  CHECK(ask.url == Url{"oauth2.googleapis.com", "443", "/token", true});
  const std::string prefix = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
  REQUIRE(ask.body.substr(0, prefix.size()) == prefix);
  const auto assertion = ask.body.substr(prefix.size());
  const auto first = assertion.find('.'), second = assertion.rfind('.');
  CHECK(testing::verifies(testing::rsa_key(), assertion.substr(0, second),
                          decoded(assertion.substr(second + 1))));
  CHECK(Json::parse(decoded(assertion.substr(0, first))) ==
        Json{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", "kid1"}});
  CHECK(Json::parse(decoded(assertion.substr(first + 1, second - first - 1))) ==
        Json{{"iss", "robot@p1.iam.gserviceaccount.com"},
             {"scope", "https://www.googleapis.com/auth/cloud-platform"},
             {"aud", "https://oauth2.googleapis.com/token"},
             {"iat", 1'767'225'600},
             {"exp", 1'767'229'200}});
}

TEST_CASE("a token is kept, renewed five minutes before its end, and good until then") {
  Rig rig(account());
  rig.next();
  rig.answer(200, R"({"access_token":"ya29.one","expires_in":3599,"token_type":"Bearer"})");
  CHECK(rig.token() == "ya29.one");
  CHECK_FALSE(rig.source.next(rig.at));
  CHECK(rig.source.due() == rig.at.now + 3599s - 5min);
  rig.pass(3599s - 5min);
  rig.next();
  CHECK(rig.token() == "ya29.one");
  rig.answer(200, R"({"access_token":"ya29.two","expires_in":3599})");
  CHECK(rig.token() == "ya29.two");
}

TEST_CASE("a user's refresh token is presented with its client, and the project to bill is kept") {
  Rig rig(user());
  const auto ask = rig.next();
  CHECK(ask.url.authority() == "oauth2.googleapis.com");
  CHECK(ask.body ==
        "grant_type=refresh_token&client_id=id&client_secret=SECRET%20c&refresh_token=SECRET%2Fr");
  rig.answer(200, R"({"access_token":"t","expires_in":60})");
  CHECK(rig.source.current(rig.at.now)->project == "billed");
  CHECK(rig.source.due() == rig.at.now + 45s);
}

TEST_CASE("the project to bill is that of the login that is there now") {
  Rig rig(user());
  rig.next();
  rig.answer(200, R"({"access_token":"t","expires_in":60})");
  rig.world.files["/adc"] = account().dump();
  rig.pass(45s);
  rig.next();
  rig.answer(200, R"({"access_token":"u","expires_in":60})");
  CHECK(rig.token() == "u");
  CHECK(rig.source.current(rig.at.now)->project.empty());
}

TEST_CASE("without a file the metadata server is asked, directly and with its flavour") {
  Rig rig(Json(nullptr));
  rig.world.variables["GCE_METADATA_HOST"] = "127.0.0.1:77";
  const auto ask = rig.next();
  CHECK(ask.method == "GET");
  CHECK(ask.url.authority() == "127.0.0.1:77");
  CHECK(ask.url.target ==
        "/computeMetadata/v1/instance/service-accounts/default/token"
        "?scopes=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform");
  CHECK(ask.headers == std::vector<std::pair<std::string, std::string>>{{"metadata-flavor", "Google"}});
  CHECK(ask.direct);
  rig.source.unanswered("unknown host", rig.at);
  CHECK(rig.problem() ==
        "no Google credentials: no file is named, and the metadata server does not answer: unknown host");
}

TEST_CASE("a refusal is told by its code, with what to do about the commonest") {
  Rig rig(account());
  rig.next();
  rig.answer(400, R"({"error":"invalid_grant","error_description":"SECRET"})");
  CHECK(rig.problem() ==
        "Google's token endpoint answered 400 (invalid_grant): the key or login was revoked, or this "
        "machine's clock "
        "is wrong");
  rig.pass(1s);
  rig.next();
  rig.answer(503, "<html>SECRET");
  CHECK(rig.problem() == "Google's token endpoint answered 503 (no reason given)");
  CHECK(rig.source.problem()->fault == Fault::provider_server_error);
  rig.pass(2s);
  rig.next();
  rig.source.unanswered("timeout", rig.at);
  CHECK(rig.problem() == "Google's token endpoint does not answer: timeout");
  CHECK(rig.source.problem()->fault == Fault::provider_connect);
}

TEST_CASE("an answer that is no token is refused") {
  const auto after = [](const std::string& body) {
    Rig rig(account());
    rig.next();
    rig.answer(200, body);
    CHECK(rig.token().empty());
    return rig.problem();
  };
  CHECK(has(after("nothing"), "without a token"));
  CHECK(has(after("[]"), "without a token"));
  CHECK(has(after(R"({"access_token":7,"expires_in":1})"), "without a token"));
  CHECK(has(after(R"({"access_token":"SECRET\r\nx: y","expires_in":1})"), "without a token"));
  CHECK(has(after(R"({"access_token":"SECRET"})"), "without the life"));
  CHECK(has(after(R"({"access_token":"SECRET","expires_in":0})"), "have expired"));
  CHECK(has(after(R"({"access_token":"SECRET","expires_in":-1e300})"), "have expired"));
}

TEST_CASE("an account whose key cannot sign is a problem without a request") {
  auto file = account();
  file["private_key"] = "SECRET";
  Rig rig(file);
  CHECK_FALSE(rig.source.next(rig.at));
  CHECK(rig.problem() == "the private key is no RSA key in PEM without a password");
}

}  // namespace troupe::cloud
