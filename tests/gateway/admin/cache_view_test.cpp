#include "gateway/admin/cache_view.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using admin::Json;

namespace {

actors::ActorInfo shard(std::string type, Json tenants) {
  actors::ActorInfo info;
  info.type = std::move(type);
  info.detail = {{"entries", 2}, {"bytes", 100}, {"max_bytes", 1000}, {"hits", 3},
                 {"evicted", 1}, {"waiting", 0}, {"tenants", tenants}};
  return info;
}

Json share(int hits, double saved) {
  return {{"entries", 1}, {"bytes", 50}, {"hits", hits}, {"saved_usd", saved}};
}

}  // namespace

TEST_CASE("the view sums the shards, by tenant") {
  config::Config config;
  config.cache.exact.emplace();
  const auto view = admin::cache_view(config, {shard("cache", {{"a", share(1, 0.5)}, {"b", share(2, 1)}}),
                                               shard("cache", {{"a", share(4, 0.25)}}), shard("key", {})});
  CHECK(view["exact"]["on"] == true);
  CHECK(view["exact"]["ttl_s"] == 600);
  CHECK(view["exact"]["entries"] == 4);
  CHECK(view["exact"]["max_bytes"] == 2000);
  CHECK(view["exact"]["saved_usd"] == 1.75);
  REQUIRE(view["tenants"].size() == 2);
  CHECK(view["tenants"][0]["tenant"] == "a");
  CHECK(view["tenants"][0]["hits"] == 5);
  CHECK(view["tenants"][0]["saved_usd"] == 0.75);
  CHECK(view["semantic"]["on"] == false);
}

TEST_CASE("an actor that is busy and says nothing is left out") {
  auto busy = shard("cache", {});
  busy.detail = nullptr;
  const auto view = admin::cache_view({}, {busy});
  CHECK(view["exact"]["entries"] == 0);
  CHECK(view["exact"]["ttl_s"].is_null());
}
