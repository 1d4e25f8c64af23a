#include "cluster/wire/cache.hpp"

#include <memory>

#include "cluster/wire/codec.hpp"
#include "cluster/wire/money.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::cache;
using namespace std::chrono_literals;

namespace {

constexpr Digest kKey{~std::uint64_t{0}, 2, 3, 4};

EntryPtr entry(std::string body = "data: {}\n\n\xFF") {
  auto made = std::make_shared<Entry>();
  made->tenant = "t";
  made->provider = "p";
  made->key = "k";
  made->model = "m";
  made->body = std::move(body);
  made->stream = true;
  made->input = 5;
  made->output = 6;
  made->picos = 7'000'000'000'000;
  return made;
}

template <class Body>
Body again(const Body& body) {
  const auto bytes = wire::encode(Message(body));
  CHECK(wire::is_cache(bytes));
  CHECK_FALSE(wire::is_money(bytes));
  CHECK_FALSE(wire::decode(bytes));
  const auto back = wire::decode_cache(bytes);
  REQUIRE(back);
  return std::get<Body>(*back);
}

}  // namespace

TEST_CASE("every message about the cache comes back as it was sent") {
  CHECK(again(Look{kKey, 9, kAnyAge}).max_age == kAnyAge);
  const auto hit = again(Hit{kKey, 9, entry(), 5s});
  CHECK((hit.key == kKey && hit.id == 9 && hit.age == 5s));
  CHECK(hit.entry->body == entry()->body);
  CHECK((hit.entry->stream && hit.entry->picos == 7'000'000'000'000 && hit.entry->model == "m"));
  CHECK(again(Lead{kKey, 1}).id == 1);
  CHECK(again(Wait{kKey, 2}).id == 2);
  CHECK(again(Renew{kKey, 3}).id == 3);
  CHECK(again(Fill{kKey, 4, entry(), 60s}).ttl == 60s);
  CHECK(again(Drop{kKey, 5, true}).open);
  CHECK(again(Flush{false, "t"}).tenant == "t");
}

TEST_CASE("the largest entry that may travel does") {
  auto large = std::make_shared<Entry>();
  large->body.assign(kTravels - large->size(), 'x');
  CHECK(again(Fill{kKey, 4, large, 60s}).entry->size() == kTravels);
}

TEST_CASE("what is cut, too long or of another family is no message about the cache") {
  const auto bytes = wire::encode(Message(Fill{kKey, 4, entry(), 60s}));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(wire::decode_cache(std::string_view(bytes).substr(0, size)));
  CHECK_FALSE(wire::decode_cache(bytes + "x"));
  CHECK_FALSE(wire::decode_cache(wire::encode(cluster::Message(cluster::InOffice{}))));
}
