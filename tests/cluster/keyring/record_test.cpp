#include "cluster/keyring/record.hpp"

#include <nlohmann/json.hpp>

#include "cluster/keyring/json.hpp"
#include "cluster/keyring/secret.hpp"
#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::keyring;

namespace {

Record any(Random& random) {
  Record out;
  out.id = "vk_1";
  const auto stamp = [&] {
    return Stamp{static_cast<Millis>(random.below(4)),
                 std::string(1, 'a' + static_cast<char>(random.below(3)))};
  };
  out.made = stamp();
  out.name = "made " + std::to_string(out.made.ms) + out.made.node;  // one stamp, one word
  out.turned = stamp();
  out.hash = "hash " + std::to_string(out.turned.ms) + out.turned.node;
  out.revoked = static_cast<Millis>(random.below(3));
  return out;
}

Record full() {
  Record out;
  out.id = "vk_1";
  out.made = {1'800'000'000'000, "node-1"};
  out.turned = {1'800'000'001'000, "node-2"};
  out.tenant = "team";
  out.name = "prod";
  out.policy.models = {"smart"};
  out.policy.providers = {"openai", "local"};
  out.policy.ip = {"10.0.0.0/8"};
  out.policy.tags = {{"env", "prod"}};
  out.policy.expires = 1'900'000'000'000;
  out.policy.request_class = "batch";
  out.policy.rpm = 60;
  out.policy.concurrency = 4;
  out.policy.usd = 12.34;
  out.policy.period = "week";
  out.policy.rolling = true;
  out.hash = "sha256:00";
  out.prefix = "tr-a1b2…";
  out.former = {{"sha256:11", "tr-c3d4…", 1'800'000'500'000}};
  out.revoked = 5;
  return out;
}

}  // namespace

TEST_CASE("joining records is associative, commutative and idempotent") {
  Random random(11);
  for (int i = 0; i < 20'000; ++i) {
    const auto a = any(random), b = any(random), c = any(random);
    REQUIRE(join(a, a) == a);
    REQUIRE(join(a, b) == join(b, a));
    REQUIRE(join(join(a, b), c) == join(a, join(b, c)));
    if (a.revoked != 0) REQUIRE(join(a, b).revoked != 0);
  }
}

TEST_CASE("records with the same version are the same") {
  Random random(12);
  for (int i = 0; i < 5000; ++i) {
    const auto a = any(random), b = any(random);
    REQUIRE((version(a) == version(b)) == (a == b));
  }
}

TEST_CASE("a rotated key keeps its old secret for the grace time, newest first and at most four") {
  auto record = full();
  record.former.clear();
  for (int i = 1; i <= 6; ++i)
    record = rotated(record, "h" + std::to_string(i), "p" + std::to_string(i), {i, "a"}, 100 + i);
  CHECK(record.hash == "h6");
  REQUIRE(record.former.size() == kFormer);
  CHECK(record.former.front() == Former{"h5", "p5", 106});
}

TEST_CASE("a rotation without grace shuts every earlier secret out") {
  const auto record = rotated(full(), "new", "tr-new", {9, "a"}, 0);
  CHECK(record.former.empty());
  CHECK(record.hash == "new");
}

TEST_CASE("a stamp is later than the last one although the clock went back") {
  CHECK(next({500, "b"}, 100, "a") == Stamp{501, "a"});
  CHECK(next({500, "b"}, 900, "a") == Stamp{900, "a"});
}

TEST_CASE("a record survives the store's JSON") {
  CHECK(from_json(to_json(full()).dump()) == full());
  CHECK_FALSE(from_json("{}"));
  CHECK_FALSE(from_json("not json"));
  auto wrong = to_json(full());
  wrong["hash"] = 5;
  CHECK_FALSE(from_json(wrong.dump()));
  wrong = to_json(full());
  wrong["name"] = std::string(9000, 'x');
  CHECK_FALSE(from_json(wrong.dump()));
}

TEST_CASE("what people see of a key has no hash, and says how it is") {
  auto record = full();
  record.revoked = 0;
  auto json = shown(record, 1'800'000'400'000);
  CHECK(json.dump().find("sha256") == std::string::npos);
  CHECK(json["state"] == "active");
  CHECK(json["expires"] == "2030-03-17T17:46:40Z");
  CHECK(json["former"].size() == 1);
  json = shown(record, 1'900'000'000'000);
  CHECK(json["state"] == "expired");
  CHECK(json["former"].empty());
  record.revoked = 1'800'000'002'000;
  CHECK(shown(record, 1'900'000'000'000)["state"] == "revoked");
}

TEST_CASE("secrets are tr- and 43 base62 characters, no two alike") {
  const auto one = draw_secret(), two = draw_secret();
  CHECK(one.size() == 46);
  CHECK(one.starts_with("tr-"));
  CHECK(one.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 3) ==
        std::string::npos);
  CHECK(one != two);
  CHECK(prefix_of(one) == one.substr(0, 7) + "…");
  CHECK(draw_id().starts_with("vk_"));
}
