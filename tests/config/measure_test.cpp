#include "config/measure.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::config;
using namespace std::chrono_literals;

TEST_CASE("durations need a unit and are exact") {
  CHECK(parse_duration("30s") == 30s);
  CHECK(parse_duration("500ms") == 500ms);
  CHECK(parse_duration("1.5s") == 1500ms);
  CHECK(parse_duration("2m") == 2min);
  CHECK(parse_duration("1h") == 1h);
  CHECK(parse_duration("1d") == 24h);
  CHECK(parse_duration("0s") == 0s);
  for (const auto* bad : {"", "30", "s", "-1s", "1 s", "1.s", ".5s", "1e3s", "1x", "1.2.3s",
                          "99999999999999999999s", "9999999999999h", "0.1ns"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad));
  }
}

TEST_CASE("sizes need a unit and may be fractions that are whole bytes") {
  CHECK(parse_size("20MiB") == 20 << 20);
  CHECK(parse_size("64KiB") == 64 << 10);
  CHECK(parse_size("1.5KiB") == 1536);
  CHECK(parse_size("1.5GB") == 1'500'000'000);
  CHECK(parse_size("7B") == 7);
  for (const auto* bad : {"", "20", "20M", "0.3B", "1.1KiB", "-1B", "9999999999TiB"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_size(bad));
  }
}

TEST_CASE("a share is a percentage or a fraction") {
  CHECK(*parse_share("20%") == Approx(0.2));
  CHECK(*parse_share("0.2") == Approx(0.2));
  for (const auto* bad : {"", "%", "x%", "nan", "inf", "1e9", "0x1"}) CHECK_FALSE(parse_share(bad));
}

TEST_CASE("prices are dollars per million tokens, exactly") {
  CHECK(parse_price("2.50/Mtok") == Money{2'500'000});
  CHECK(parse_price("$0.075/Mtok") == Money{75'000});
  CHECK(parse_price("0/Mtok") == Money{0});
  for (const auto* bad : {"", "2.5", "/Mtok", "-1/Mtok", "0.0000001/Mtok", "2.5 /Mtok"})
    CHECK_FALSE(parse_price(bad));
}

TEST_CASE("whole numbers and flags are strict") {
  CHECK(parse_whole("-5") == -5);
  for (const auto* bad : {"", "5.0", "5 ", "0x5", "99999999999999999999"}) CHECK_FALSE(parse_whole(bad));
  CHECK(parse_flag("on") == true);
  CHECK(parse_flag("no") == false);
  CHECK_FALSE(parse_flag("True"));
}

TEST_CASE("what is printed reads back") {
  for (const Duration span : {Duration(0), Duration(1), Duration(90s), Duration(1500ms), Duration(24h)})
    CHECK(parse_duration(format_duration(span)) == span);
  for (const std::int64_t bytes : {1LL, 1000LL, 1024LL, 20LL << 20, 3LL << 40})
    CHECK(parse_size(format_size(bytes)) == bytes);
  for (const std::int64_t picos : {0LL, 1LL, 75'000LL, 2'500'000LL})
    CHECK(parse_price(format_price({picos})) == Money{picos});
  CHECK(format_duration(90s) == "90s");
  CHECK(format_size(20 << 20) == "20MiB");
  CHECK(format_share(0.2) == "20%");
}

TEST_CASE("moments are days or seconds in UTC and come back as written") {
  CHECK(parse_moment("1970-01-01") == WallTime{});
  CHECK(parse_moment("2027-01-01T08:30:05Z") ==
        WallTime(std::chrono::sys_days(std::chrono::year(2027) / 1 / 1)) + 8h + 30min + 5s);
  for (const auto* text : {"2027-01-01", "2028-02-29", "2027-12-31T23:59:59Z"}) {
    CAPTURE(text);
    REQUIRE(parse_moment(text));
    CHECK(format_moment(*parse_moment(text)) == text);
  }
  for (const auto* bad : {"", "2027", "2027-02-29", "2027-13-01", "2027-1-1", "2027-01-01T08:30:05",
                          "1969-12-31", "2027-01-01T24:00:00Z", "2027-01-01 08:30:05Z",
                          "2027-01-01T08:30:0xZ", "+027-01-01", "2027-01-01T08:30:05+01:00"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_moment(bad));
  }
}
