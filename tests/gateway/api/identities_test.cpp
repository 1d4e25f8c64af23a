#include "gateway/api/identities.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;

namespace {

config::Provider provider(config::ProviderType type) {
  config::Provider made;
  made.type = type;
  made.region = "eu-west-1";
  return made;
}

config::Key key(const std::string& secret, const std::string& id = {}) {
  config::Key made;
  made.secret = config::Secret(secret);
  made.access_key_id = id;
  return made;
}

bool stands_for_somebody(config::ProviderType type, const config::Key& with) {
  config::Environment none;
  none.variable = [](const std::string&) { return std::nullopt; };
  none.file = [](const std::string&, std::size_t) { return std::nullopt; };
  return api::identities(none)(provider(type), with) != nullptr;
}

}  // namespace

TEST_CASE("an API key is a secret and nothing more") {
  using enum config::ProviderType;
  CHECK_FALSE(stands_for_somebody(openai, key("sk")));
  CHECK_FALSE(stands_for_somebody(openai, key("")));
  CHECK_FALSE(stands_for_somebody(bedrock, key("bedrock-api-key")));
  CHECK_FALSE(stands_for_somebody(vertex, key("AIza")));
  CHECK_FALSE(stands_for_somebody(gemini, key("AIza")));
}

TEST_CASE("access keys, credential files and keys without a secret stand for somebody") {
  using enum config::ProviderType;
  CHECK(stands_for_somebody(bedrock, key("half", "AKIA")));
  CHECK(stands_for_somebody(bedrock, key("")));
  CHECK(stands_for_somebody(vertex, key("{\"type\":\"service_account\"}")));
  CHECK(stands_for_somebody(vertex, key("")));
}
