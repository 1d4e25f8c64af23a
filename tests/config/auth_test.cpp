#include "config/auth.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::config;

namespace {

Config two_tenants() {
  Config config;
  config.tenants.resize(2);
  config.tenants[0].name = "search";
  config.tenants[0].keys = {{"prod", virtual_key_hash("tr-search-prod")},
                            {"next", virtual_key_hash("tr-search-next")}};
  config.tenants[1].name = "batch";
  config.tenants[1].keys = {{"only", virtual_key_hash("tr-batch")}};
  return config;
}

}  // namespace

TEST_CASE("a hash is SHA-256 as sha256sum prints it") {
  CHECK(virtual_key_hash("abc") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a presented key finds its tenant and its name") {
  const TenantIndex index(two_tenants());
  REQUIRE(index.find("tr-search-next") != nullptr);
  CHECK(index.find("tr-search-next")->tenant == "search");
  CHECK(index.find("tr-search-next")->key == "next");
  CHECK(index.find("tr-batch")->tenant == "batch");
  CHECK(index.required());
}

TEST_CASE("an unknown key, a prefix of one, and a key's own hash find nobody") {
  const TenantIndex index(two_tenants());
  CHECK(index.find("") == nullptr);
  CHECK(index.find("tr-search") == nullptr);
  CHECK(index.find(virtual_key_hash("tr-batch")) == nullptr);
}

TEST_CASE("without virtual keys nobody has to present one") {
  CHECK_FALSE(TenantIndex(Config{}).required());
}

TEST_CASE("a caller's place in the configuration is known") {
  const auto config = two_tenants();
  const TenantIndex index(config);
  const auto* caller = index.find("tr-search-next");
  REQUIRE(caller != nullptr);
  CHECK(config.tenants[caller->tenant_at].keys[caller->key_at].name == "next");
}

TEST_CASE("a key narrows what its tenant allows and widens nothing") {
  Tenant tenant;
  VirtualKey key;
  CHECK(allowed(&tenant, &key, "any"));
  CHECK(allowed_providers(&tenant, &key) == nullptr);
  CHECK(allowed_providers(nullptr, nullptr) == nullptr);
  tenant.models = {"a", "b"};
  key.models = {"b", "c"};
  CHECK(allowed(&tenant, &key, "b"));
  CHECK_FALSE(allowed(&tenant, &key, "a"));
  CHECK_FALSE(allowed(&tenant, &key, "c"));
  CHECK(allowed(&tenant, nullptr, "a"));
  tenant.providers = {"x", "y"};
  CHECK(*allowed_providers(&tenant, &key) == std::vector<std::string>{"x", "y"});
  key.providers = {"y", "z"};
  CHECK(*allowed_providers(&tenant, &key) == std::vector<std::string>{"y"});
  key.providers = {"z"};
  CHECK(allowed_providers(&tenant, &key)->empty());
}
