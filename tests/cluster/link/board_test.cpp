#include "cluster/link/board.hpp"

#include "cluster/link/frame.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::link;

TEST_CASE("only the first message since the last flush asks for one") {
  Board board({});
  board.enlist("p");
  board.enlist("q");
  CHECK(board.post("p", kQueue, "1") == Board::Posted::wake);
  CHECK(board.post("p", kQueue, "2") == Board::Posted::kept);
  CHECK(board.post("q", kQueue, "3") == Board::Posted::kept);
  CHECK(board.fresh() == std::vector<std::string>{"p", "q"});
  CHECK(board.fresh().empty());
  CHECK(board.post("q", kQueue, "4") == Board::Posted::wake);
}

TEST_CASE("messages to nobody and messages that no frame holds are refused") {
  Board board({});
  CHECK(board.post("p", kQueue, "1") == Board::Posted::refused);
  board.enlist("p");
  CHECK(board.post("p", kQueue, std::string(kPayloadMax + 1, 'x')) == Board::Posted::refused);
  CHECK(board.post("p", kQueue, std::string(kPayloadMax, 'x')) == Board::Posted::wake);
  board.strike("p");
  CHECK(board.post("p", kQueue, "1") == Board::Posted::refused);
}

TEST_CASE("a batch takes whole frames until it is large enough") {
  Board board({});
  board.enlist("p");
  for (int i = 0; i < 10; ++i) board.post("p", kQueue, std::string(100, 'x'));
  std::string batch;
  CHECK(board.take("p", batch, 250) == 3);
  CHECK(batch.size() > 300);
  CHECK(board.take("p", batch, 1 << 20) == 7);
  CHECK(board.take("p", batch, 1 << 20) == 0);
  CHECK(board.take("nobody", batch, 1 << 20) == 0);
}

TEST_CASE("the figures carry what waits now") {
  Board board({2, 1 << 20});
  board.enlist("p");
  PeerStats stats;
  stats.name = "p";
  stats.times_up = 3;
  board.publish({stats}, {5, "why"});
  for (int i = 0; i < 3; ++i) board.post("p", kQueue, "xx");
  const auto peers = board.peers();
  REQUIRE(peers.size() == 1);
  CHECK(peers[0].times_up == 3);
  CHECK(peers[0].queued == 2);
  CHECK(peers[0].dropped == 1);
  CHECK(peers[0].queued_bytes > 4);
  CHECK(board.refused().count == 5);
  board.clear("p");
  CHECK(board.peers()[0].queued == 0);
}
