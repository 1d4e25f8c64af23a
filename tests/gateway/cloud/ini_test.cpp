#include "gateway/cloud/ini.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::cloud;

TEST_CASE("sections and pairs are read as AWS' tools write them") {
  const auto ini = parse_ini(
      "# a comment\n"
      "; another\n"
      "lost = before any section\n"
      "[default]\r\n"
      "Region = eu-west-1\r\n"
      "aws_secret_access_key=a/b+c==\n"
      "[ profile   \"two words\" ]\n"
      "region=us-east-1 # where we are\n"
      "aws_session_token = with#hash;and\n"
      "s3 =\n"
      "  max_concurrent_requests = 20\n"
      "\n"
      "no pair\n"
      "[default]\n"
      "output = json");
  REQUIRE(ini.size() == 2);
  CHECK(ini.at("default") ==
        IniSection{{"region", "eu-west-1"}, {"aws_secret_access_key", "a/b+c=="}, {"output", "json"}});
  CHECK(ini.at("profile two words") ==
        IniSection{{"region", "us-east-1"}, {"aws_session_token", "with#hash;and"}, {"s3", ""}});
}

TEST_CASE("pairs below a broken section belong to nobody") {
  const auto ini = parse_ini("[one]\na=1\n[broken\na=2\n[two]\nb=3");
  CHECK(ini.at("one") == IniSection{{"a", "1"}});
  CHECK(ini.at("two") == IniSection{{"b", "3"}});
  CHECK(ini.size() == 2);
  CHECK(parse_ini("").empty());
}
