#include "cluster/link/outbox.hpp"

#include "tests/support/catch.hpp"

using namespace troupe::link;

namespace {

std::string all(Outbox& box) {
  std::string out;
  while (auto bytes = box.pop()) out += *bytes + " ";
  return out;
}

}  // namespace

TEST_CASE("the line leaves in the order in which it came") {
  Outbox box;
  for (const char* bytes : {"a", "b", "c"}) CHECK(box.push(kQueue, bytes));
  CHECK(box.size() == 3);
  CHECK(all(box) == "a b c ");
  CHECK(box.empty());
  CHECK(box.bytes() == 0);
}

TEST_CASE("a newer state replaces the one that waits, in its place") {
  Outbox box;
  box.push(7, "old");
  box.push(kQueue, "line");
  box.push(8, "other");
  box.push(7, "new");
  CHECK(box.size() == 3);
  CHECK(all(box) == "new line other ");
  CHECK(box.dropped() == 0);
}

TEST_CASE("a state that has left is followed by its successor at the end") {
  Outbox box;
  box.push(7, "one");
  box.push(kQueue, "line");
  CHECK(box.pop() == "one");
  box.push(7, "two");
  CHECK(all(box) == "line two ");
}

TEST_CASE("a full line loses its oldest, counted") {
  Outbox box({3, 1 << 20});
  for (const char* bytes : {"a", "b", "c", "d", "e"}) box.push(kQueue, bytes);
  CHECK(box.dropped() == 2);
  CHECK(all(box) == "c d e ");
}

TEST_CASE("states do not count against the length of the line") {
  Outbox box({2, 1 << 20});
  for (Slot slot = 1; slot < 10; ++slot) box.push(slot, "s");
  box.push(kQueue, "a");
  box.push(kQueue, "b");
  CHECK(box.size() == 11);
  CHECK(box.dropped() == 0);
}

TEST_CASE("bytes are bounded: first the line goes, then the oldest states") {
  Outbox box({100, 400});  // three messages of 36 bytes, with 64 each for the bookkeeping, and one more
  const std::string big(36, 'x');
  box.push(1, big);
  box.push(kQueue, big);
  box.push(2, big);
  box.push(kQueue, big);
  CHECK(box.bytes() == 400);
  box.push(3, big);
  CHECK(box.bytes() == 400);
  CHECK(box.dropped() == 1);
  box.push(4, big);
  CHECK(box.size() == 4);
  box.push(5, "last");
  CHECK(box.dropped() == 3);
  CHECK(all(box) == big + " " + big + " " + big + " last ");
}

TEST_CASE("a state that grows makes room without losing itself") {
  Outbox box({100, 400});
  box.push(1, "small");
  box.push(2, "second");
  box.push(1, std::string(300, 'g'));
  CHECK(box.bytes() <= 400);
  CHECK(all(box) == std::string(300, 'g') + " ");
  CHECK(box.dropped() == 1);
}

TEST_CASE("what is larger than everything is refused and pushes nobody out") {
  Outbox box({100, 400});
  box.push(kQueue, "stays");
  CHECK_FALSE(box.push(kQueue, std::string(400, 'x')));
  CHECK_FALSE(box.push(9, std::string(400, 'x')));
  CHECK(box.dropped() == 2);
  CHECK(all(box) == "stays ");
}

TEST_CASE("empty messages have their price as well") {
  Outbox box({1'000'000, 64 * 10});
  for (Slot slot = 1; slot <= 1000; ++slot) box.push(slot, "");
  CHECK(box.size() == 10);
  CHECK(box.dropped() == 990);
}

TEST_CASE("what is cleared is counted as dropped") {
  Outbox box;
  box.push(kQueue, "a");
  box.push(1, "b");
  box.clear();
  CHECK(box.empty());
  CHECK(box.bytes() == 0);
  CHECK(box.dropped() == 2);
  box.push(1, "c");
  CHECK(all(box) == "c ");
}

TEST_CASE("room for messages that others come before ends at half of it") {
  Outbox outbox({4, 1000});
  CHECK(outbox.roomy(500));
  CHECK_FALSE(outbox.roomy(501));
  outbox.push(kQueue, std::string(136, 'x'));  // 200 with what is counted on top
  CHECK(outbox.roomy(300));
  CHECK_FALSE(outbox.roomy(301));
  outbox.push(kQueue, "");
  outbox.push(kQueue, "");
  CHECK_FALSE(outbox.roomy(1));  // half of the messages
}
