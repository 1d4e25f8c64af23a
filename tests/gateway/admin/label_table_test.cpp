#include "gateway/admin/label_table.hpp"

#include <string>

#include "gateway/admin/counters.hpp"
#include "tests/support/catch.hpp"

namespace troupe::admin {
namespace {

using Table = LabelTable<Counter, 2>;

TEST_CASE("the same labels find the same cell") {
  Table table;
  table.at({"a", "b"}).add();
  table.at({"a", "b"}).add(2);
  table.at({"ab", ""}).add();
  Table::Merged merged;
  table.merge_into(merged);
  CHECK(merged.size() == 2);
  CHECK(merged[{"a", "b"}] == 3);
}

TEST_CASE("labels beyond the limit are counted as other, and none is lost") {
  Table table;
  const std::size_t many = Table::kLimit * 3;
  for (std::size_t i = 0; i < many; ++i) table.at({std::to_string(i), "x"}).add();
  Table::Merged merged;
  table.merge_into(merged);
  CHECK(merged.size() <= Table::kLimit + 1);
  std::uint64_t sum = 0;
  for (const auto& [labels, n] : merged) sum += n;
  CHECK(sum == many);
  CHECK(merged[{"other", "other"}] >= Table::kLimit);
}

TEST_CASE("tables of several threads add up") {
  Table one, two;
  one.at({"a", "b"}).add();
  two.at({"a", "b"}).add();
  Table::Merged merged;
  one.merge_into(merged);
  two.merge_into(merged);
  CHECK(merged[{"a", "b"}] == 2);
}

}  // namespace
}  // namespace troupe::admin
