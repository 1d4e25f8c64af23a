#include "gateway/admin/merge.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::admin;

TEST_CASE("rows of several nodes stand in one list, each with its node, by name") {
  const auto out =
      merge({{"b", {{"keys", {{{"id", "p/1"}}}}}, ""}, {"a", {{"keys", {{{"id", "p/2"}}}}}, ""}});
  REQUIRE(out["keys"].size() == 2);
  CHECK(out["keys"][0] == Json{{"id", "p/2"}, {"node", "a"}});
  CHECK(out["keys"][1] == Json{{"id", "p/1"}, {"node", "b"}});
  CHECK(out["missing"].empty());
}

TEST_CASE("who did not answer is named, and why") {
  const auto out = merge({{"a", {{"actors", Json::array()}}, ""}, {"b", nullptr, "no answer in time"}});
  CHECK(out["missing"] == Json{"b"});
  CHECK(out["nodes"][0]["ok"] == true);
  CHECK(out["nodes"][1]["ok"] == false);
  CHECK(out["nodes"][1]["why"] == "no answer in time");
  CHECK(out["actors"].is_array());
}

TEST_CASE("requests of several nodes are in one order of time") {
  const auto at = [](const char* started) { return Json{{"requests", {{{"started", started}}}}}; };
  const auto out = merge({{"a", at("2026-01-01T00:00:01Z"), ""}, {"b", at("2026-01-01T00:00:02Z"), ""}});
  CHECK(out["requests"][0]["node"] == "b");
  CHECK(out["requests"][1]["node"] == "a");
}

TEST_CASE("shares of one limit are one row, with the account of the node in office") {
  const auto shares = [](bool office, int free) {
    Json row{{"owner", "key/p/1"}, {"limit", "rpm"}, {"units", 60}, {"here", {{"available", free}}}};
    if (office) row["account"] = {{"pool", 7}};
    return Json{{"node", "x"}, {"in_office", office}, {"limits", {row}}};
  };
  const auto out = merge({{"a", shares(false, 3), ""}, {"b", shares(true, 4), ""}});
  REQUIRE(out["limits"].size() == 1);
  CHECK(out["allocator"] == "b");
  CHECK(out["limits"][0]["account"]["pool"] == 7);
  CHECK(out["limits"][0]["here"]["a"]["available"] == 3);
  CHECK(out["limits"][0]["here"]["b"]["available"] == 4);
}

TEST_CASE("nobody who answers is an answer too") {
  const auto out = merge({{"a", nullptr, "no answer in time"}});
  CHECK(out["missing"] == Json{"a"});
}
