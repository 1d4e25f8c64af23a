#include "cluster/ledger/lines.hpp"

#include "tests/cluster/ledger/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::ledger;

namespace {

Entry at(std::int64_t second, money::Picos cost) {
  auto out = entry(7, cost);
  out.expense.at = WallTime(std::chrono::seconds(second));
  return out;
}

}  // namespace

TEST_CASE("calls of one minute that differ in their size only are one line, with their exact sums") {
  auto unknown = at(7, 5);
  unknown.expense.cost.reset();
  unknown.charges.push_back({8, {}, 6});
  const auto lines = lines_of({at(5, 30), unknown, at(59, 12)});
  REQUIRE(lines.size() == 1);
  const auto& line = lines.front();
  CHECK(line.minute == 0);
  CHECK(line.at == 5000);
  CHECK(line.calls == 3);
  CHECK(line.unknown == 1);
  CHECK(line.cost == 42);
  CHECK(line.input == 30);
  CHECK(line.output == 60);
  CHECK(line.charges.at(7).cost == 47);
  CHECK(line.charges.at(7).calls == 3);
  CHECK(line.charges.at(8).cost == 6);
  CHECK(line.charges.at(8).calls == 1);
}

TEST_CASE("another minute, payer, model or kind of figure is another line") {
  std::vector<Entry> entries(9, at(5, 1));
  entries[1].expense.at += std::chrono::minutes(1);
  entries[2].expense.tenant = "other";
  entries[3].expense.key = "key";
  entries[4].expense.user = "bob";
  entries[5].expense.tags = {{"env", "prod"}, {"a", "b"}};
  entries[6].expense.provider = "azure";
  entries[7].expense.model = "small";
  entries[8].expense.estimated = true;
  const auto lines = lines_of(entries);
  CHECK(lines.size() == 9);
  CHECK(lines[5].tags == "env=prod,a=b");
}

TEST_CASE("what counts in no budget is no line") {
  auto free = at(5, 1);
  free.charges.clear();
  CHECK(lines_of({free}).empty());
}
