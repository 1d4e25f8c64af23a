// What is on the disk after a power cut: any mixture of the sectors that were written since the last sync.
#include <fstream>
#include <iterator>

#include "core/random.hpp"
#include "tests/cluster/ledger/support.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::ledger;

namespace {

constexpr std::size_t kSector = 512;

struct Files {
  std::string db, wal;
};
std::string bytes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
Files files(const std::filesystem::path& dir) {
  return {bytes(dir / "ledger.db"), bytes(dir / "ledger.db-wal")};
}
void put(const std::filesystem::path& dir, const Files& files) {
  std::filesystem::create_directories(dir);
  std::ofstream(dir / "ledger.db", std::ios::binary) << files.db;
  std::ofstream(dir / "ledger.db-wal", std::ios::binary) << files.wal;
}

/// Every sector is the old or the new one, by chance; what is beyond the old end may be missing or zeros.
std::string mixed(const std::string& before, const std::string& after, Random& random) {
  auto out = before;
  const auto kept = random.below(after.size() + 1);
  if (after.size() > before.size()) out.resize(std::max(before.size(), kept), '\0');
  for (std::size_t at = 0; at < std::min(out.size(), after.size()); at += kSector) {
    const auto size = std::min({kSector, out.size() - at, after.size() - at});
    if (random.below(2)) out.replace(at, size, after, at, size);
  }
  return out;
}

/// What a store of those files says was settled; -1 when it does not open.
money::Picos settled(const Files& files, const std::filesystem::path& dir) {
  std::filesystem::remove_all(dir);
  put(dir, files);
  const auto store = Store::open(dir, 99);
  if (!store) return -1;
  const auto image = (*store)->load();
  if (image.ledger != 1) return -2;
  const auto found = image.blocks.find(7);
  const auto sum = found == image.blocks.end() ? 0 : found->second.settled;
  if ((*store)->expenses(7).first != sum) return -3;
  return sum;
}

}  // namespace

TEST_CASE(
    "after a power cut every batch that was acknowledged is there, and the one under way whole or not") {
  const Folder folder;
  const auto live = folder.path() / "live", cut = folder.path() / "cut";
  auto opened = Store::open(live, 1);
  REQUIRE(opened);
  const auto store = std::move(*opened);
  Random random(11);
  money::Picos sum = 0;
  int checkpoints = 0;
  auto before = files(live);
  for (int round = 0; round < 60; ++round) {
    Batch batch;
    batch.writes = {block(7, 1'000'000 + round)};
    // Now and then enough for the log to be copied into the file.
    const int count = round % 12 == 11 ? 12'000 : 1 + static_cast<int>(random.below(40));
    money::Picos cost = 0;
    for (int i = 0; i < count; ++i) {
      batch.entries.push_back(entry(7, 1 + i % 3));
      batch.entries.back().expense.user = std::to_string(i);  // a line each
      cost += 1 + i % 3;
    }
    REQUIRE(store->commit(batch));
    const auto after = files(live);
    const bool checkpoint = after.db != before.db;
    checkpoints += checkpoint;
    CHECK(settled(after, cut) == sum + cost);
    for (int i = 0; i < (checkpoint ? 12 : 3); ++i) {
      // While the log is written the file is as it was; then the log is complete.
      const auto found = settled({before.db, mixed(before.wal, after.wal, random)}, cut);
      CHECK((found == sum || found == sum + cost));
      CHECK(settled({mixed(before.db, after.db, random), after.wal}, cut) == sum + cost);
    }
    sum += cost;
    before = after;
  }
  CHECK(checkpoints > 2);
}
