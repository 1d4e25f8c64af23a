#include <optional>

#include "gateway/admin/admin.hpp"
#include "tests/gateway/admin/fakes.hpp"
#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

using Change = AdminContext::KeyChange;

/// A port whose virtual keys are these two, and that remembers what it was asked to change.
struct KeyPort : Port {
  std::optional<Change> asked;
  nlohmann::json told{{"ok", true}, {"secret", "tr-x"}};
  KeyPort() {
    context.virtual_keys = [] {
      return nlohmann::json{
          {"virtual_keys", {{{"id", "vk_1"}, {"tenant", "search"}}, {{"id", "vk_2"}, {"tenant", "other"}}}}};
    };
    context.change_key = [this](const Change& wanted, const std::function<void(nlohmann::json)>& done) {
      asked = wanted;
      done(told);
    };
  }
};

}  // namespace

TEST_CASE("virtual keys are listed, by tenant where one is named, and shown one by one") {
  KeyPort port;
  CHECK(port.json(get("/virtual-keys"))["virtual_keys"].size() == 2);
  const auto few = port.json(get("/virtual-keys", "tenant=other"))["virtual_keys"];
  REQUIRE(few.size() == 1);
  CHECK(few[0]["id"] == "vk_2");
  CHECK(port.json(get("/virtual-keys/vk_1"))["tenant"] == "search");
  CHECK(port.serve(get("/virtual-keys/vk_3")).status == 404);
}

TEST_CASE("a change of a virtual key is a POST that names the key, and its answer has the secret") {
  KeyPort port;
  auto request = post("/virtual-keys");
  request.body = R"({"tenant":"search"})";
  CHECK(port.json(request)["secret"] == "tr-x");
  CHECK(port.asked->act == "create");
  CHECK(port.asked->body == request.body);
  CHECK(port.serve(post("/virtual-keys/vk_1/rotate")).status == 200);
  CHECK(port.asked->act == "rotate");
  CHECK(port.asked->id == "vk_1");
  CHECK(port.serve(post("/virtual-keys/vk_2/revoke")).status == 200);
  CHECK(port.asked->act == "revoke");
  CHECK(port.asked->id == "vk_2");
  port.asked.reset();
  CHECK(port.serve(get("/virtual-keys/vk_2/revoke")).status == 405);
  CHECK(port.serve(post("/virtual-keys//revoke")).status == 404);
  CHECK(port.serve(post("/virtual-keys/a/b/revoke")).status == 404);
  CHECK_FALSE(port.asked);
}

TEST_CASE("a refused change has its own status and says why") {
  KeyPort port;
  port.told = {{"ok", false}, {"status", 409}, {"error", "the tenant has a key with that name"}};
  const auto refused = port.serve(post("/virtual-keys"));
  CHECK(refused.status == 409);
  CHECK(has(refused.body, "has a key with that name"));
}

}  // namespace troupe::admin
