#include "cluster/money/vault.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::money;

namespace {

Epoch epoch(std::uint64_t number) {
  return {number, "t", 1};
}
Record record(std::uint64_t number, std::uint64_t seq, Picos granted) {
  Record out;
  out.id = 7;
  out.stamp = {epoch(number), seq};
  out.of({"n", 9}).granted = granted;
  return out;
}
Image known() {
  Image image;
  image.ledger = 5;
  image.filled = Filled::confirmed;
  return image;
}
struct Voter {
  explicit Voter(const Image& image, Time mute = {}) : vault(image, mute) {}
  /// What it says once everything is on disk.
  Outbox safe() {
    journal.synced(journal.last());
    Outbox out;
    journal.release(out);
    return out;
  }
  Vault vault;
  Journal journal;
};

}  // namespace

TEST_CASE("a voter answers when the disk has it, not before") {
  Voter voter(known());
  voter.vault.hear("t", Store{epoch(1), 5, false, true, {record(1, 1, 10)}}, {}, voter.journal);
  Outbox early;
  voter.journal.release(early);
  CHECK(early.empty());
  CHECK(voter.journal.take().size() == 2);  // the promise and the record
  const auto out = voter.safe();
  REQUIRE(out.size() == 1);
  const auto& stored = std::get<Stored>(out[0].message);
  CHECK(stored.numbers == std::vector<std::pair<BudgetId, std::uint64_t>>{{7, 1}});
}

TEST_CASE("after a promise nothing of a lower epoch is kept") {
  Voter voter(known());
  voter.vault.hear("t", Read{epoch(3)}, {}, voter.journal);
  voter.vault.hear("old", Store{epoch(2), 5, false, true, {record(2, 9, 10)}}, {}, voter.journal);
  CHECK(voter.vault.records().empty());
  const auto out = voter.safe();
  REQUIRE(out.size() == 2);
  CHECK(std::get<Refusal>(out[1].message).seen == 3);
}

TEST_CASE("a record that is late does not replace a newer one") {
  Voter voter(known());
  voter.vault.hear("t", Store{epoch(1), 5, false, true, {record(1, 2, 20)}}, {}, voter.journal);
  voter.vault.hear("t", Store{epoch(1), 5, false, true, {record(1, 1, 10)}}, {}, voter.journal);
  CHECK(voter.vault.records().at(7).held() == 20);
}

TEST_CASE("a message for the disk that was lost changes nothing on the new one") {
  Voter voter(known());
  voter.vault.hear("t", Store{epoch(1), 4, true, true, {record(1, 1, 10)}}, {}, voter.journal);
  CHECK(voter.vault.records().empty());
  CHECK(voter.safe().empty());
}

TEST_CASE("a new disk is silent for a while, and keeps nothing before it has everything") {
  Image image;
  image.ledger = 5;
  const Time later{std::chrono::seconds(3)};
  Voter voter(image, later);
  voter.vault.hear("t", Read{epoch(1)}, {}, voter.journal);
  CHECK(voter.safe().empty());
  voter.vault.hear("t", Read{epoch(1)}, later, voter.journal);
  const auto copy = voter.safe();
  REQUIRE(copy.size() == 1);
  CHECK(std::get<Copy>(copy[0].message).filled == Filled::blank);
  voter.vault.hear("t", Store{epoch(1), 5, false, false, {record(1, 1, 10)}}, later, voter.journal);
  CHECK(voter.vault.records().empty());
  voter.vault.hear("t", Store{epoch(1), 5, true, false, {record(1, 1, 10)}}, later, voter.journal);
  CHECK(voter.vault.filled() == Filled::founded);
  voter.vault.hear("t", Store{epoch(1), 5, false, true, {}}, later, voter.journal);
  CHECK(voter.vault.filled() == Filled::confirmed);
}

TEST_CASE("periods that are long over leave the voter's disk") {
  Voter voter(known());
  auto old = record(1, 1, 10);
  old.until = 100;
  voter.vault.hear("t", Store{epoch(1), 5, false, true, {old}}, {}, voter.journal);
  voter.vault.forget(100, voter.journal);
  CHECK(voter.vault.records().size() == 1);
  voter.vault.forget(101, voter.journal);
  CHECK(voter.vault.records().empty());
}
