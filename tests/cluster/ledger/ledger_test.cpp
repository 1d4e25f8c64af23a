#include "cluster/ledger/ledger.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>

#include "core/random.hpp"
#include "tests/cluster/ledger/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/full_disk.hpp"

using namespace troupe;
using namespace troupe::ledger;

namespace {

/// What was told to be safe, written down by a process that will be killed.
struct Said {
  std::uint64_t write = 0;
  money::Picos settled = 0, given = 0;
};

/// Spends and marks until it is killed; tells through the pipe what is safe.
[[noreturn]] void spend_for_ever(const std::filesystem::path& dir, int pipe) {
  static std::atomic<money::Picos> given{0};
  auto opened = Ledger::open(dir, 1, [pipe](const Landed& landed) {
    const auto sum = landed.settled.find(7);
    const Said said{landed.last, sum == landed.settled.end() ? 0 : sum->second, given};
    if (::write(pipe, &said, sizeof said) != sizeof said) _exit(3);
  });
  if (!opened) _exit(2);
  auto& ledger = **opened;
  const auto& blocks = ledger.image().blocks;
  given = blocks.count(7) ? blocks.at(7).settled : 0;
  for (std::uint64_t number = 1;; ++number) {
    ledger.write({block(7, static_cast<money::Picos>(number))}, number);
    ++given;
    ledger.spend(entry(7, 1));
    if (number % 64 == 0) ledger.flush();
  }
}

}  // namespace

TEST_CASE("nothing that was told to be safe is lost when the process is killed at any instant") {
  const Folder folder;
  Random random(5);
  for (int round = 0; round < 25; ++round) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const auto child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      close(ends[0]);
      spend_for_ever(folder.path(), ends[1]);
    }
    close(ends[1]);
    Said last;
    const auto answers = random.below(12);
    for (std::uint64_t i = 0; i <= answers; ++i) REQUIRE(read(ends[0], &last, sizeof last) == sizeof last);
    for (auto spin = random.below(200'000); spin > 0; --spin) asm volatile("");
    kill(child, SIGKILL);
    for (Said more; read(ends[0], &more, sizeof more) == sizeof more;) last = more;
    close(ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    auto store = Store::open(folder.path(), 2);
    REQUIRE(store);
    const auto image = (*store)->load();
    CHECK(image.ledger == 1);
    CHECK(image.blocks.at(7).settled >= last.settled);
    CHECK(image.blocks.at(7).settled <= last.given + 5000);
    CHECK(image.blocks.at(7).mark >= static_cast<money::Picos>(last.write));
    CHECK((*store)->expenses(7).first == image.blocks.at(7).settled);
  }
}

TEST_CASE("what many threads give is written in few batches, and flush waits for all of it") {
  const Folder folder;
  std::atomic<int> batches{0};
  std::atomic<money::Picos> safe{0};
  auto opened = Ledger::open(folder.path(), 1, [&](const Landed& landed) {
    ++batches;
    if (landed.settled.count(7)) safe = landed.settled.at(7);
  });
  REQUIRE(opened);
  for (int i = 0; i < 3000; ++i) (*opened)->spend(entry(7, 1));
  CHECK((*opened)->flush());
  opened->reset();
  CHECK(safe == 3000);
  CHECK(batches < 1500);
}

TEST_CASE("a full disk tells nobody that anything is safe, and everything is written when there is room") {
  const Folder folder;
  std::atomic<std::uint64_t> safe{0};
  auto opened = Ledger::open(folder.path(), 1, [&](const Landed& landed) { safe = landed.last; });
  REQUIRE(opened);
  auto& ledger = **opened;
  {
    const testing::FullDisk full;
    ledger.write({block(7, 100)}, 1);
    ledger.spend(entry(7, 9));
    CHECK_FALSE(ledger.flush());
    CHECK(safe == 0);
    CHECK(ledger.trouble());
  }
  opened->reset();  // writes what is left
  auto store = Store::open(folder.path(), 2);
  REQUIRE(store);
  CHECK((*store)->load().blocks.at(7).mark == 100);
  CHECK((*store)->load().blocks.at(7).settled == 9);
}

TEST_CASE("costs are shown as they are on disk, and whoever looks holds up nobody who spends") {
  const Folder folder;
  auto opened = Ledger::open(folder.path(), 1, nullptr);
  REQUIRE(opened);
  auto& ledger = **opened;
  ledger.spend(entry(7, 5));
  REQUIRE(ledger.flush());
  const auto spent = [](const CostBook& book) { return book.sums(CostBy::tenant, 0, 1)["team"].cost; };
  money::Picos before = 0, after = 0;
  ledger.costs([&](const CostBook& book) {
    before = spent(book);
    ledger.spend(entry(7, 3));
  });
  REQUIRE(ledger.flush());
  ledger.costs([&](const CostBook& book) { after = spent(book); });
  CHECK(before == 5);
  CHECK(after == 8);
}
