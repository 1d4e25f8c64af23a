#include "gateway/batch/ids.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;

namespace troupe::batch {
namespace {

TEST_CASE("a name tells the node that keeps the thing, and what it is") {
  const auto file = make_id(Kind::file, "node-1.eu", WallTime(1s), 42);
  const auto batch = make_id(Kind::batch, "n", WallTime(1s), 42);
  CHECK(file.starts_with("file-"));
  CHECK(batch.starts_with("batch_"));
  REQUIRE(read_id(file));
  CHECK(read_id(file)->node == "node-1.eu");
  CHECK(read_id(file)->kind == Kind::file);
  CHECK(read_id(batch)->node == "n");
  CHECK(read_id(batch)->kind == Kind::batch);
}

TEST_CASE("names of later things are greater, whichever node made them") {
  const auto early = read_id(make_id(Kind::batch, "z", WallTime(1000ms), ~0ULL));
  const auto late = read_id(make_id(Kind::batch, "a", WallTime(1001ms), 0));
  CHECK(early->order < late->order);
}

TEST_CASE("what is no name of ours is none: nothing that could be a path gets through") {
  const auto good = make_id(Kind::file, "n", WallTime(1s), 1);
  REQUIRE(read_id(good));
  for (const std::string& bad :
       {std::string(), std::string("file-"), std::string("file-abc123"), good + "0", good.substr(0, 30),
        "batch" + good.substr(4), std::string("file-../../x-000000000000000000000000000"), good + "/../x",
        std::string("file--") + std::string(28, '0'), std::string("file-6-") + std::string(28, '0'),
        std::string("file-6e-") + std::string(28, 'G'), std::string("file-") + std::string(600, 'a')})
    CHECK_FALSE(read_id(bad));
}

}  // namespace
}  // namespace troupe::batch
