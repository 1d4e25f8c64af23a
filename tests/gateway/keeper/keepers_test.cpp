#include "gateway/keeper/keepers.hpp"

#include "tests/gateway/keeper/rig.hpp"
#include "tests/support/catch.hpp"

namespace troupe::keeper::testing {
namespace {

/// A key with an id of its own on each making, so that a new one shows.
struct Kept : Rig {
  int made = 0;
  std::shared_ptr<const config::Provider> provider = std::make_shared<config::Provider>();
  Keepers keepers{
      pool, clock,
      [this](const config::Provider&, const config::Key& key) -> std::unique_ptr<cloud::Identity> {
        if (key.name == "plain") return nullptr;
        cloud::AwsOptions options;
        options.key = {key.name + std::to_string(++made), cloud::Secret("s"), cloud::Secret()};
        options.region = "r";
        config::Environment none;
        none.variable = [](const std::string&) { return std::nullopt; };
        none.file = [](const std::string&, std::size_t) { return std::nullopt; };
        return cloud::aws_identity(std::move(options), "bedrock", none);
      },
      [](const std::string&) { return std::nullopt; }};

  std::shared_ptr<Keeper> of(const std::string& name) {
    config::Key key;
    key.name = name;
    return keepers.of(provider, key);
  }
  static std::string credential(Keeper& keeper) {
    const auto authorization = keeper.authorize({"POST", "h", "/", ""});
    REQUIRE(std::holds_alternative<Authorized>(authorization));
    const auto& lines = std::get<Authorized>(authorization).lines;
    const auto begin = lines.find("Credential=") + 11;
    return lines.substr(begin, lines.find('/', begin) - begin);
  }
};

}  // namespace

TEST_CASE("each key has one keeper, and one that needs none has none") {
  Kept kept;
  const auto a = kept.of("a");
  CHECK(kept.of("a") == a);
  CHECK(kept.of("b") != a);
  CHECK(kept.of("plain") == nullptr);
  CHECK(kept.credential(*a) == "a1");
  CHECK(kept.credential(*kept.of("b")) == "b2");
  CHECK(kept.made == 2);
}

TEST_CASE("another revision has keepers of its own; old ones last as long as calls hold them") {
  Kept kept;
  auto held = kept.of("a");
  kept.of("b");
  kept.of("plain");
  kept.keepers.forget();
  CHECK(kept.keepers.size() == 1);
  CHECK(kept.credential(*held) == "a1");
  CHECK(kept.credential(*kept.of("a")) == "a3");
  kept.keepers.look(kept.clock.now());
  CHECK(kept.keepers.size() == 2);
  held.reset();
  kept.keepers.look(kept.clock.now());
  CHECK(kept.keepers.size() == 1);
}

}  // namespace troupe::keeper::testing
