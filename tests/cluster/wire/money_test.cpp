#include "cluster/wire/money.hpp"

#include "cluster/wire/codec.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::money;

namespace {

const Epoch kEpoch{3, "node-1", ~std::uint64_t{0}};

Record record() {
  Record out;
  out.id = ~std::uint64_t{0} - 1;
  out.stamp = {kEpoch, 9};
  out.cap = 500'000'000'000'000;
  out.until = 1'800'000'000;
  out.of({"a", ~std::uint64_t{0}}) = {100, 20, 30, 4};
  return out;
}

template <class Body>
Body again(const Body& body) {
  const auto bytes = wire::encode(Message(body));
  CHECK(wire::is_money(bytes));
  CHECK_FALSE(wire::decode(bytes));
  const auto back = wire::decode_money(bytes);
  REQUIRE(back);
  return std::get<Body>(*back);
}

}  // namespace

TEST_CASE("every message about money comes back as it was sent") {
  CHECK(again(Read{kEpoch}).epoch == kEpoch);
  const auto copy = again(Copy{kEpoch, 7, Filled::founded, {record()}});
  CHECK(copy.filled == Filled::founded);
  CHECK(copy.records == std::vector<Record>{record()});
  const auto store = again(Store{kEpoch, 7, true, true, {record()}});
  CHECK((store.whole && store.confirm && store.ledger == 7));
  CHECK(again(Stored{kEpoch, 7, Filled::confirmed, {{5, 6}}}).numbers.at(0).second == 6);
  CHECK(again(Refusal{kEpoch, 12}).seen == 12);
  const auto said = again(Statement{{"a", 7}, 8, 9, {{1, 2, 3, 4, 5, 6, -7, 8, 9}}});
  CHECK(said.holder == Holder{"a", 7});
  CHECK(said.lines.at(0).free == -7);
  const auto named = again(Statement{{"a", 7}, 8, 9, {}, {"budget/each/user=bob"}, {{5, 8000}}});
  CHECK(named.owners == std::vector<std::string>{"budget/each/user=bob"});
  CHECK(named.told.at(0) == std::pair<BudgetId, std::uint32_t>(5, 8000));
  const auto allotted = again(Allotment{{"a", 7}, 8, 9, {{1, 2, true, 4, 5, 6, 7, 8, 9, 10, 11}}});
  CHECK(allotted.lines.at(0).recall);
  CHECK(allotted.lines.at(0).held == 10);
  CHECK(allotted.lines.at(0).beside == 11);
}

TEST_CASE("what is cut, too long or of another family is no message about money") {
  const auto bytes = wire::encode(Message(Copy{kEpoch, 7, Filled::founded, {record()}}));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(wire::decode_money(std::string_view(bytes).substr(0, size)));
  CHECK_FALSE(wire::decode_money(bytes + "x"));
  CHECK_FALSE(wire::decode_money(wire::encode(cluster::Message(cluster::InOffice{}))));
}
