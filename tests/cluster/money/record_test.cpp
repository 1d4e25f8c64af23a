#include "cluster/money/record.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::money;

TEST_CASE("what is held is what was granted and not given back, of all holders, lost disks included") {
  Record record;
  record.of({"a", 1}).granted = 100;
  record.of({"a", 2}).granted = 30;
  record.of({"a", 2}).released = 10;
  CHECK(record.held() == 120);
  CHECK(record.shares.size() == 2);
}

TEST_CASE("a block's new mark leaves the expenses on the disk as they are") {
  Image image;
  image.blocks[7].settled = 40;
  Block block;
  block.mark = 100;
  block.settled = 5;
  image.apply(BlockWrite{7, block});
  CHECK(image.blocks[7].mark == 100);
  CHECK(image.blocks[7].settled == 40);
}

TEST_CASE("a forgotten period leaves nothing") {
  Image image;
  Record record;
  record.id = 7;
  image.apply(RecordWrite{record});
  image.apply(BlockWrite{7, {}});
  image.apply(ForgetWrite{7});
  CHECK(image.records.empty());
  CHECK(image.blocks.empty());
}
