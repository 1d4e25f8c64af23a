#include "cluster/money/cashier.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::money;
using std::chrono::milliseconds;
using Taken = Purse::Taken;

namespace {

const Budget kBudget{7, "team", 1000, 0, 1'000'000};

/// One cashier with a disk that syncs when told to.
struct Till {
  explicit Till(Image image = {}, bool configured = true)
      : cashier("n", 1, {"a", "b", "c"}, named(std::move(image)), journal) {
    if (configured) cashier.configure({kBudget});
  }
  static Image named(Image image) {
    image.ledger = 5;
    return image;
  }
  void granted(Picos sum, bool recall = false, Picos keep = 0, Picos left = 500) {
    AllotmentLine line{7, sum, recall, keep, left, 1000, 0, 0, 0, 0};
    cashier.hear("a", Allotment{{"n", 5}, 1, 0, {line}}, now, journal);
  }
  Outbox tick(Duration later = milliseconds(20)) {
    now += later;
    Outbox out;
    cashier.tick("a", now, journal, out);
    return out;
  }
  Outbox sync() {
    journal.synced(journal.last());
    return tick();
  }
  StatementLine said() {
    cashier.hurry();
    for (const auto& outgoing : tick())
      if (const auto* statement = std::get_if<Statement>(&outgoing.message)) return statement->lines.at(0);
    return {};
  }
  Purse& purse() { return *cashier.purse(7); }

  Journal journal;
  Cashier cashier;
  Time now{};
};

Image crashed(Picos mark, Picos settled, Picos doubt, Picos released) {
  Image image;
  image.blocks[7] = {mark, released, doubt, settled, 1'000'000};
  return image;
}

}  // namespace

TEST_CASE("nothing is asked for before somebody wants to spend") {
  Till till;
  CHECK(till.said().want == 0);
  CHECK(till.purse().take(10) == Taken::wait);
  const auto said = till.said();
  CHECK(said.want >= 10);
  CHECK(said.head == 10);
}

TEST_CASE("money is spent when the mark that covers it is on disk, not before") {
  Till till;
  CHECK(till.purse().take(10) == Taken::wait);
  till.granted(100);
  till.tick();
  CHECK(till.purse().take(10) == Taken::wait);
  till.sync();
  CHECK(till.purse().take(10) == Taken::yes);
  CHECK(till.said().mark >= 10);
}

TEST_CASE("a repeated or an older grant adds nothing") {
  Till till;
  till.granted(100);
  till.granted(100);
  till.granted(60);
  CHECK(till.cashier.accounts().at(0).free == 100);
}

TEST_CASE("a grant for another disk of this node is not ours") {
  Till till;
  till.cashier.hear("a", Allotment{{"n", 4}, 1, 0, {{7, 100, false, 0, 0, 1000, 0, 0, 0, 0}}}, till.now,
                    till.journal);
  CHECK(till.cashier.accounts().at(0).free == 0);
}

TEST_CASE("what a crash left between the books and the mark is in doubt and is not spent again") {
  Till till(crashed(90, 40, 10, 5));
  CHECK(till.cashier.accounts().at(0).block.doubt == 10);  // the disk does not have it yet
  till.sync();
  CHECK(till.cashier.accounts().at(0).block.doubt == 50);
  till.granted(100);
  CHECK(till.cashier.accounts().at(0).free == 100 - 5 - 90);
}

TEST_CASE("more on the books than the mark says is no money to spend either") {
  Till till(crashed(50, 80, 0, 0));
  till.granted(100);
  till.sync();
  CHECK(till.cashier.accounts().at(0).block.mark == 80);
  CHECK(till.cashier.accounts().at(0).free == 20);
}

TEST_CASE("what is called back is told when the disk has it, and can not be spent from that moment") {
  Till till;
  CHECK(till.purse().take(10) == Taken::wait);
  till.granted(100);
  till.tick();
  till.sync();
  till.granted(100, true, 5);
  CHECK(till.purse().take(10) == Taken::wait);
  CHECK(till.said().released == 0);
  till.sync();
  const auto said = till.said();
  CHECK(said.released == 95);
  CHECK(said.mark == 5);
}

TEST_CASE("what calls cost beyond their estimates is marked whatever was granted") {
  Till till;
  CHECK(till.purse().take(100) == Taken::wait);
  till.granted(100);
  till.tick();
  till.sync();
  REQUIRE(till.purse().take(100) == Taken::yes);
  till.purse().settle(100, 130);
  till.tick();
  till.sync();
  CHECK(till.said().mark == 130);
  CHECK(till.purse().ready() == 0);
}

TEST_CASE("after closing everything unspent is released and the mark is what was spent") {
  Till till;
  CHECK(till.purse().take(10) == Taken::wait);
  till.granted(100);
  till.tick();
  till.sync();
  REQUIRE(till.purse().take(10) == Taken::yes);
  till.purse().settle(10, 8);
  till.cashier.settled(7, 8);
  till.cashier.close(till.journal);
  till.sync();
  const auto said = till.said();
  CHECK(said.mark == 8);
  CHECK(said.released == 92);
  CHECK(said.spent == 8);
  CHECK(said.want == 0);
  CHECK(till.purse().take(1) == Taken::wait);
}

TEST_CASE("a call is refused at once when the treasurer says that nothing is left") {
  Till till;
  till.granted(50, false, 0, 20);
  till.tick();
  CHECK(till.purse().take(71) == Taken::exhausted);
  CHECK(till.purse().take(70) == Taken::wait);
  till.tick(std::chrono::seconds(10));  // old words mean nothing
  CHECK(till.purse().take(71) == Taken::wait);
}

TEST_CASE("what calls under way have reserved may come back: a call waits for it") {
  Till till;
  till.granted(50, false, 0, 0);
  CHECK(till.purse().take(50) == Taken::wait);
  till.tick();
  till.sync();
  REQUIRE(till.purse().take(50) == Taken::yes);
  till.tick();
  CHECK(till.purse().take(40) == Taken::wait);
  CHECK(till.purse().take(51) == Taken::exhausted);
}

TEST_CASE("without word from the treasurer every voter is asked") {
  Till till;
  till.cashier.hurry();
  CHECK(till.tick(std::chrono::seconds(2)).size() == 3);
  till.granted(1);
  till.cashier.hurry();
  CHECK(till.tick().size() == 1);
}

TEST_CASE("a budget that ended gives everything back and is forgotten later") {
  Till till;
  till.granted(100);
  till.tick();
  till.cashier.configure({});
  till.tick();
  till.sync();
  CHECK(till.said().released == 100);
  till.cashier.forget(1'000'001, till.journal);
  CHECK(till.cashier.purse(7) == nullptr);
}

TEST_CASE("what is granted in a slot that is past already goes back at once") {
  Till till({}, false);
  auto past = kBudget;
  past.past = true;
  till.cashier.configure({past});
  till.granted(100);
  till.tick();
  till.sync();
  CHECK(till.said().released == 100);
  CHECK(till.purse().take(10) == Taken::wait);
}

TEST_CASE("an owner is named until the treasurer speaks of the budget, and again when it falls silent") {
  Till till;
  const auto named = [&] {
    till.cashier.hurry();
    for (const auto& outgoing : till.tick())
      if (const auto* statement = std::get_if<Statement>(&outgoing.message)) return statement->owners;
    return std::vector<std::string>{"nothing was said"};
  };
  CHECK(named() == std::vector<std::string>{"team"});
  till.granted(0);
  CHECK(named().empty());
  till.now += std::chrono::seconds(4);
  CHECK(named() == std::vector<std::string>{"team"});
}

TEST_CASE("what this node told is said to every treasurer") {
  Till till;
  till.cashier.told(7, 8000);
  for (const auto& outgoing : till.tick()) {
    const auto* statement = std::get_if<Statement>(&outgoing.message);
    REQUIRE(statement);
    CHECK(statement->told == std::vector<std::pair<BudgetId, std::uint32_t>>{{7, 8000}});
  }
}

namespace {

std::vector<Statement> statements(const Outbox& out) {
  std::vector<Statement> found;
  for (const auto& outgoing : out)
    if (const auto* statement = std::get_if<Statement>(&outgoing.message)) found.push_back(*statement);
  return found;
}

/// A cashier with that many budgets, of which all was said and heard.
struct Many : Till {
  explicit Many(std::size_t count) : Till({}, false) {
    std::vector<Budget> budgets;
    for (std::size_t i = 0; i < count; ++i)
      budgets.push_back({i + 1, "t" + std::to_string(i), 1000, 0, 1'000'000});
    cashier.configure(budgets);
    answer(tick());
  }
  void answer(const Outbox& out) {
    for (const auto& said : statements(out)) {
      Allotment message{{"n", 5}, 1, said.seq, {}};
      for (const auto& line : said.lines) message.lines.push_back({line.budget, 0, false, 0, 500, 1000});
      cashier.hear("a", message, now, journal);
    }
  }
};

}  // namespace

TEST_CASE("only what is news is said between two refreshments") {
  Many till(100);
  CHECK(till.cashier.purse(7)->take(10) == Taken::wait);
  const auto said = statements(till.tick());
  REQUIRE(said.size() == 1);
  REQUIRE(said[0].lines.size() == 1);
  CHECK(said[0].lines[0].budget == 7);
}

TEST_CASE(
    "what was not answered is said again, what is in force after some time, and to a new treasurer all of "
    "it") {
  Many till(100);
  CHECK(till.cashier.purse(7)->take(10) == Taken::wait);
  till.tick();
  const auto again = statements(till.tick(milliseconds(300)));
  REQUIRE(again.size() == 1);
  CHECK(again[0].lines.size() == 1);
  till.answer(till.tick(milliseconds(300)));
  const auto refreshed = statements(till.tick(std::chrono::seconds(2)));
  REQUIRE(refreshed.size() >= 1);
  CHECK(refreshed[0].lines.size() == 100);
  till.cashier.hurry();
  till.now += milliseconds(20);
  Outbox out;
  till.cashier.tick("b", till.now, till.journal, out);
  REQUIRE_FALSE(statements(out).empty());
  CHECK(statements(out)[0].lines.size() == 100);
}

TEST_CASE("many budgets are said in several statements") {
  Many other(4500);
  other.now += std::chrono::seconds(3);
  const auto said = statements(other.tick());
  std::set<BudgetId> budgets;
  for (const auto& statement : said) {
    CHECK(statement.lines.size() <= 2000);
    for (const auto& line : statement.lines) budgets.insert(line.budget);
  }
  CHECK(budgets.size() == 4500);
}
