#include "core/ids.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;

namespace {

WallTime at_millis(std::int64_t millis) {
  return WallTime(std::chrono::milliseconds(millis));
}

}  // namespace

TEST_CASE("a request id is a UUIDv7 without dashes") {
  Random random(1);
  const auto id = make_request_id(at_millis(0x0123456789ab), random);
  CHECK(id.size() == 36);
  CHECK(id.substr(0, 16) == "req_0123456789ab");
  CHECK(id[16] == '7');
  CHECK(std::string("89ab").find(id[20]) != std::string::npos);
  CHECK(id.find_first_not_of("0123456789abcdef", 4) == std::string::npos);
  CHECK(valid_request_id(id));
}

TEST_CASE("request ids sort by time and differ within a millisecond") {
  Random random(1);
  const auto first = make_request_id(at_millis(1000), random);
  const auto same = make_request_id(at_millis(1000), random);
  CHECK(first != same);
  CHECK(first < make_request_id(at_millis(1001), random));
}

TEST_CASE("a caller's request id is visible ASCII without quotes, up to 128") {
  CHECK(valid_request_id("a"));
  CHECK(valid_request_id(std::string(128, 'x')));
  CHECK_FALSE(valid_request_id(std::string(129, 'x')));
  for (const auto* bad : {"", "a b", "a\"b", "a\\b", "a\nb", "\x7f", "\xc3\xa9"})
    CHECK_FALSE(valid_request_id(bad));
}
