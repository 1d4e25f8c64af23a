#include "app/cli/cluster_looks.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::cli;

namespace {

bool has(const std::string& text, std::string_view what) {
  return text.find(what) != std::string::npos;
}

const Json kCluster = Json::parse(R"({"node":"node-1","joined":true,"lease_s":9.9,"allocator":"node-1",
  "revision":3,"members":[
  {"name":"node-1","address":"10.0.0.1:7946","state":"alive","voter":true,"allocator":true,"draining":false,
   "revision":3,"configuration":"3f2a00112233aabb","age_s":12},
  {"name":"node-2","address":"10.0.0.2:7946","state":"suspect","voter":false,"allocator":false,"draining":true,
   "revision":2,"configuration":"77aa00112233aabb","age_s":300,"link":{"up":true,"round_trip_ms":4.33}}]})");

const Json kShares = Json::parse(R"({"node":"node-1","in_office":true,"limits":[{"owner":"key/up/k1",
  "limit":"rpm","units":60,"here":{"available":14,"reserved":2,"waiting":1},
  "account":{"pool":18,"cooling":5,"unknown":0},
  "nodes":{"node-1":{"held":16,"frozen":0},"node-2":{"held":14,"frozen":7}}}]})");

}  // namespace

TEST_CASE("a node's own standing is above the members that it sees") {
  const auto table = members_table(kCluster, false);
  CHECK(table.starts_with("node-1: joined, permits for 9.9s, allocator node-1, configuration 3\n"));
  CHECK(has(
      table,
      "node-1  alive    voter, allocator  10.0.0.1:7946  -              -         3  3f2a0011         12s"));
  CHECK(has(
      table,
      "node-2  suspect  member, draining  10.0.0.2:7946  up         4.3ms         2  77aa0011          5m"));
}

TEST_CASE("mixed configurations are said under the members, with what makes them one") {
  auto cluster = kCluster;
  CHECK_FALSE(has(members_table(cluster, false), "different configurations"));
  cluster["mixed"] = true;
  CHECK(has(members_table(cluster, false), "different configurations"));
  CHECK(has(members_table(cluster, false), "troupe config reload --cluster"));
}

TEST_CASE("shares that many nodes told are summed, and who was silent is named") {
  auto shares = kShares;
  shares["limits"][0]["here"] = {{"node-1", {{"available", 14}, {"reserved", 2}, {"waiting", 1}}},
                                 {"node-2", {{"available", 5}, {"reserved", 0}, {"waiting", 0}}}};
  shares["missing"] = {"node-3"};
  const auto table = shares_table(shares, false);
  CHECK(has(table, " 19 "));
  CHECK(has(table, "no answer from node-3"));
}

TEST_CASE("a node that is not ready says why above its members") {
  auto cluster = kCluster;
  cluster["ready"] = true;
  CHECK_FALSE(has(members_table(cluster, false), "not ready"));
  cluster["ready"] = false;
  cluster["obstacle"] = "no lease";
  CHECK(has(members_table(cluster, false), "not ready: no lease\n"));
}

TEST_CASE("the allocator's shares are the whole account, frozen parts named") {
  const auto table = shares_table(kShares, false);
  CHECK(has(table, "POOL  COOLING  UNKNOWN  node-1         node-2"));
  CHECK(has(table, "key/up/k1  rpm       60         14          2        1    18        5        0      16"));
  CHECK(has(table, "14 (7 frozen)"));
}

TEST_CASE("another node's shares are its own, and it says where to ask for the rest") {
  auto body = kShares;
  body["in_office"] = false;
  body["limits"][0].erase("account");
  body["limits"][0].erase("nodes");
  const auto table = shares_table(body, false);
  CHECK_FALSE(has(table, "POOL"));
  CHECK(has(table, "ask there"));
}

TEST_CASE("a node on its own says so, and documents of another shape give empty tables") {
  const Json alone{{"node", "n"}, {"standalone", true}, {"hint", "on its own"}};
  CHECK(members_table(alone, false) == "n: on its own\n");
  CHECK(shares_table(alone, false) == "n: on its own\n");
  for (const auto& body : {Json(), Json::array(), Json{{"members", 7}}, Json{{"limits", Json::array({1})}}}) {
    CHECK(has(members_table(body, false), "ADDRESS"));
    CHECK(has(shares_table(body, false), "OWNER"));
  }
}
