#include "cluster/wire/keyring.hpp"

#include "cluster/wire/codec.hpp"
#include "cluster/wire/money.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;

namespace {

keyring::Record record() {
  keyring::Record out;
  out.id = "vk_1";
  out.made = {1'800'000'000'000, "node-1"};
  out.tenant = "team";
  out.name = "prod";
  out.policy = {{"smart"},
                {"openai"},
                {"10.0.0.0/8"},
                {{"env", "prod"}},
                1'900'000'000'000,
                "batch",
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                12.5,
                "week",
                true};
  out.turned = {1'800'000'001'000, "node-2"};
  out.hash = "sha256:00";
  out.prefix = "tr-a1b2…";
  out.former = {{"sha256:11", "tr-c3d4…", 1'800'000'500'000}};
  out.revoked = 5;
  return out;
}

template <class T>
T back(const T& message) {
  const auto bytes = wire::encode(keyring::Message(message));
  CHECK(wire::is_keyring(bytes));
  CHECK_FALSE(wire::is_money(bytes));
  CHECK_FALSE(wire::decode(bytes));
  const auto heard = wire::decode_keyring(bytes);
  REQUIRE(heard);
  CHECK(wire::encode(*heard) == bytes);
  return std::get<T>(*heard);
}

}  // namespace

TEST_CASE("news of virtual keys survive the wire, every field of them") {
  CHECK(back(keyring::News{{record(), record()}}).records == std::vector{record(), record()});
}

TEST_CASE("the talk about differences survives the wire") {
  CHECK(back(keyring::Digest{~0ULL, true}).whole == ~0ULL);
  CHECK(back(keyring::Digest{1, true}).back);
  CHECK(back(keyring::Sums{{1, 2, ~0ULL}}).heaps == std::vector<std::uint64_t>{1, 2, ~0ULL});
  const auto lines = back(keyring::Lines{{3, 255}, {{"vk_1", 7}}});
  CHECK(lines.heaps == std::vector<std::uint32_t>{3, 255});
  CHECK(lines.lines.at(0).version == 7);
  CHECK(back(keyring::Want{{"vk_1"}}).ids == std::vector<std::string>{"vk_1"});
  CHECK(back(keyring::Noted{{{"vk_1", 7}}}).lines.at(0).id == "vk_1");
}

TEST_CASE("a cut message about keys is none") {
  const auto bytes = wire::encode(keyring::Message(keyring::News{{record()}}));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    REQUIRE_FALSE(wire::decode_keyring(std::string_view(bytes).substr(0, size)));
}

TEST_CASE("the largest news fit a frame") {
  auto large = record();
  large.policy.models = {std::string(keyring::kLargest - 200, 'x')};
  REQUIRE(keyring::acceptable(large));
  const keyring::News news{std::vector(keyring::kNews, large)};
  CHECK(wire::encode(keyring::Message(news)).size() < (std::size_t{4} << 20) - 64);
}
