// Whose answers are given again to whom: by the same request, and by one that means the same.
#include <boost/asio/executor_work_guard.hpp>

#include "gateway/api/semantic_desk.hpp"
#include "tests/gateway/api/stage.hpp"
#include "tests/support/catch.hpp"

namespace troupe::api::testing {
namespace {

config::Tenant tenant(const std::string& name, const std::vector<std::string>& keys) {
  config::Tenant out;
  out.name = name;
  for (const auto& key : keys) out.keys.push_back({key, config::virtual_key_hash(key)});
  return out;
}

/// Tenant a with two keys, one of which only provider one may answer; tenant b.
std::shared_ptr<config::Config> house(const config::Caches& caches) {
  auto config = stage_config();
  config->cache = caches;
  config->tenants = {tenant("a", {"a-1", "a-2"}), tenant("b", {"b-1"})};
  config->tenants[0].keys[1].providers = {"one"};
  return config;
}

config::Caches exact(bool shared = false) {
  config::Caches out;
  out.exact.emplace().shared = shared;
  return out;
}

config::Caches semantic(bool shared = false) {
  config::Caches out;
  out.semantic.emplace().shared = shared;
  return out;
}

/// The semantic cache has a thread of its own: its answers are waited for.
struct Shop {
  Stage stage;
  SemanticDesk meanings{stage.clock};
  Wire provider = stage.upstream(0);

  explicit Shop(const config::Caches& caches) : stage(house(caches)) {
    meanings.use(caches.semantic);
    stage.worker->meanings = &meanings;
  }
  /// How the cache served a request with that key: "miss" when the provider was asked.
  std::string ask(const std::string& key, const std::string& headers = {}, int status = 200) {
    auto client = stage.client();
    const auto asked = stage.desk.asked.size(), records = stage.observer.records.size();
    stage.desk.answers.clear();
    stage.grant(0);
    client.send(with_head(chat_as(key), headers));
    until([&] { return stage.desk.asked.size() > asked || stage.observer.records.size() > records; });
    if (stage.desk.asked.size() > asked) {
      provider.send(status == 200 ? completion() : answer(status, R"({"error":{"message":"no"}})"));
      until([&] { return stage.observer.records.size() > records; });
    }
    CHECK(has(client.read(), "HTTP/1.1 " + std::to_string(status)));
    return stage.observer.records.back().cache;
  }

 private:
  template <class Done>
  void until(Done done) {
    const auto guard = boost::asio::make_work_guard(stage.io);
    while (!done()) {
      stage.io.restart();
      stage.io.run_one();
    }
  }
};

}  // namespace

TEST_CASE("an answer is given again to its tenant, and to no other") {
  Shop shop(exact());
  CHECK(shop.ask("a-1") == "miss");
  CHECK(shop.ask("a-1") == "hit");
  CHECK(shop.ask("b-1") == "miss");
  CHECK(shop.ask("b-1") == "hit");
}

TEST_CASE("an answer never crosses policies: a key that fewer may answer gets its own") {
  Shop shop(exact());
  CHECK(shop.ask("a-1") == "miss");
  CHECK(shop.ask("a-2") == "miss");
  CHECK(shop.ask("a-2") == "hit");
}

TEST_CASE("where answers are shared other tenants get them, as far as their policies are the same") {
  Shop shop(exact(true));
  CHECK(shop.ask("a-1") == "miss");
  CHECK(shop.ask("b-1") == "hit");
  CHECK(shop.ask("a-2") == "miss");
}

TEST_CASE("an error is never kept, and what shall not be stored is not") {
  Shop shop(exact());
  CHECK(shop.ask("a-1", {}, 400) == "miss");
  CHECK(shop.ask("a-1", "x-troupe-cache: no-store\r\n").empty());
  CHECK(shop.stage.desk.kept.empty());
  CHECK(shop.ask("a-1") == "miss");
  CHECK(shop.ask("a-1") == "hit");
}

TEST_CASE("the same meaning is answered again to its tenant, and to no other") {
  Shop shop(semantic());
  CHECK(shop.ask("a-1") == "miss");
  CHECK(shop.ask("a-1") == "semantic");
  CHECK(shop.ask("b-1") == "miss");
  CHECK(shop.ask("b-1") == "semantic");
}

TEST_CASE("the same meaning never crosses policies, nor changes of the alias") {
  Shop shop(semantic(true));
  CHECK(shop.ask("a-1") == "miss");
  CHECK(shop.ask("b-1") == "semantic");
  CHECK(shop.ask("a-2") == "miss");
  auto changed = house(semantic(true));
  changed->models[0].targets[0].model = "gpt-5";
  shop.stage.worker->use(make_setup(changed, config::PriceCatalogue::embedded()));
  CHECK(shop.ask("b-1") == "miss");
}

}  // namespace troupe::api::testing
