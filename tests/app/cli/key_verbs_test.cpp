#include "app/cli/key_verbs.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::cli;

TEST_CASE("what keys create was told becomes the body of its request, and no more than that") {
  KeyWish wish;
  wish.tenant = "team";
  wish.name = "prod";
  CHECK(key_body(wish)->dump() == R"({"tenant":"team","name":"prod"})");
  wish.models = {"smart"};
  wish.tags = {"env=prod", "x=a=b"};
  wish.limits = {{"rpm", 60}};
  wish.expires = "30d";
  const auto body = *key_body(wish);
  CHECK(body["models"][0] == "smart");
  CHECK(body["tags"]["env"] == "prod");
  CHECK(body["tags"]["x"] == "a=b");
  CHECK(body["limits"]["rpm"] == 60);
  CHECK(body["expires"] == "30d");
  CHECK_FALSE(body.contains("budget"));
  wish.budget = 2.5;
  CHECK((*key_body(wish))["budget"] == Json{{"usd", 2.5}});
  wish.period = "day";
  wish.rolling = true;
  CHECK((*key_body(wish))["budget"] == Json{{"usd", 2.5}, {"period", "day"}, {"rolling", true}});
  wish.tags = {"env"};
  CHECK(key_body(wish).error() == "--tag env: write name=value");
}

TEST_CASE("a report shows the secret once and names the nodes that do not know the key yet") {
  const Json told{{"key", {{"id", "vk_1"}, {"name", "prod"}, {"tenant", "team"}}},
                  {"secret", "tr-abc"},
                  {"known_by", {"n1"}},
                  {"missing", {"n2", "n3"}}};
  const auto report = key_report(told, "made", false);
  CHECK(report.find("made vk_1 (prod of team)") == 0);
  CHECK(report.find("  tr-abc\n") != std::string::npos);
  CHECK(report.find("not known yet by n2, n3") != std::string::npos);
}

TEST_CASE("a table of virtual keys says whose they are and how, and what is wrong with the store") {
  const Json body{{"virtual_keys",
                   {{{"id", "vk_1"},
                     {"tenant", "team"},
                     {"name", "prod"},
                     {"prefix", "tr-a1b2…"},
                     {"state", "revoked"},
                     {"models", {"smart", "cheap"}},
                     {"limits", {{"rpm", 60}}},
                     {"expires", nullptr},
                     {"created", "2026-11-21T10:00:00Z"}}}},
                  {"trouble", "the disk is full"}};
  const auto table = virtual_keys_table(body, false);
  for (const auto* part :
       {"vk_1", "team", "prod", "tr-a1b2…", "revoked", "smart, cheap", "rpm=60", "disk is full"}) {
    CAPTURE(table, part);
    CHECK(table.find(part) != std::string::npos);
  }
  CHECK(
      virtual_keys_table({{"virtual_keys", Json::array()}, {"hint", "set store"}}, false).find("set store") !=
      std::string::npos);
}
