#include "cluster/members/rendezvous.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "tests/support/catch.hpp"

using namespace troupe::members;

TEST_CASE("the order of the names does not matter") {
  const std::vector<std::string_view> names{"a", "b", "c"}, turned{"c", "a", "b"};
  for (int item = 0; item < 50; ++item)
    CHECK(elect(std::to_string(item), names) == elect(std::to_string(item), turned));
  CHECK(elect("x", {}).empty());
  CHECK(elect("x", {"only"}) == "only");
}

TEST_CASE("items are spread evenly, and a new name takes its part only") {
  std::vector<std::string> names;
  for (int at = 0; at < 10; ++at) names.push_back("node-" + std::to_string(at));
  const std::vector<std::string_view> ten(names.begin(), names.end());
  const std::vector<std::string_view> nine(names.begin(), names.end() - 1);
  std::map<std::string_view, int> parts;
  for (int item = 0; item < 10'000; ++item) {
    const auto key = "openai/key-" + std::to_string(item);
    const auto owner = elect(key, ten);
    ++parts[owner];
    if (owner != "node-9") CHECK(elect(key, nine) == owner);
  }
  for (const auto& [name, count] : parts) CHECK((count > 850 && count < 1150));
}

TEST_CASE("the hash is the same in every version, as nodes of two must agree") {
  CHECK(stable_hash("openai/primary") == stable_hash("openai/primary"));
  CHECK(stable_hash("") == 0xf52a15e9a9b5e89bULL);
}
