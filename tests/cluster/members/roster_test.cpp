#include "cluster/members/roster.hpp"

#include <algorithm>

#include "core/random.hpp"
#include "tests/policy/property.hpp"

using namespace troupe;
using namespace troupe::members;

namespace {

Member member(const std::string& name, std::uint64_t incarnation, std::uint64_t serial, State state) {
  Member made;
  made.name = name;
  made.incarnation = incarnation;
  made.serial = serial;
  made.state = state;
  return made;
}

}  // namespace

TEST_CASE("a higher incarnation overrides a serial, and a serial a state") {
  CHECK(newer({"a", 2, 0, State::joining}, {"a", 1, 9, State::left}));
  CHECK(newer({"a", 1, 2, State::alive}, {"a", 1, 1, State::dead}));
  CHECK(newer({"a", 1, 1, State::suspect}, {"a", 1, 1, State::alive}));
  CHECK_FALSE(newer({"a", 1, 1, State::alive}, {"a", 1, 1, State::alive}));
}

TEST_CASE("rosters that heard the same in any order, any number of times, are the same") {
  testing::holds([](std::uint64_t seed) {
    Random random(seed);
    std::vector<Member> words;
    for (int name = 0; name < 5; ++name)
      words.push_back(member("n" + std::to_string(name), 1, 0, State::joining));
    for (int at = 0; at < 40; ++at)
      words.push_back(member("n" + std::to_string(random.below(5)), 1 + random.below(3), random.below(3),
                             static_cast<State>(random.below(5))));
    Roster first(100), second(100);
    // Who is in comes first: a roster does not take up the gone.
    for (int name = 0; name < 5; ++name) {
      first.merge(words[static_cast<std::size_t>(name)], Time{});
      second.merge(words[static_cast<std::size_t>(name)], Time{});
    }
    for (const auto& word : words) first.merge(word, Time{});
    for (std::size_t at = words.size(); at > 1; --at) std::swap(words[at - 1], words[random.below(at)]);
    for (int again = 0; again < 2; ++again)
      for (const auto& word : words) second.merge(word, Time{});
    for (const auto& [name, entry] : first.entries()) RC_ASSERT(second.find(name)->member == entry.member);
    RC_ASSERT(first.fingerprint() == second.fingerprint());
  });
}

TEST_CASE("a fingerprint tells every difference among those who are in, and none among the gone") {
  Roster a(10), b(10);
  CHECK(a.fingerprint() == b.fingerprint());
  a.merge(member("x", 1, 0, State::alive), Time{});
  CHECK(a.fingerprint() != b.fingerprint());
  b.merge(member("x", 1, 1, State::alive), Time{});
  CHECK(a.fingerprint() != b.fingerprint());
  a.merge(member("x", 1, 1, State::dead), Time{});
  CHECK(a.fingerprint() == Roster(1).fingerprint());
  a.forget("x");
  CHECK(a.fingerprint() == Roster(1).fingerprint());
}

TEST_CASE("a line of a life that is not known asks for the record") {
  Roster roster(10);
  roster.merge(member("x", 1, 0, State::alive), Time{});
  Roster::Merged merged{};
  std::optional<Member> before;
  CHECK_FALSE(roster.merge(Line{"x", 1, 1, State::alive}, Time{}, &before, merged));
  CHECK_FALSE(roster.merge(Line{"y", 1, 0, State::alive}, Time{}, &before, merged));
  CHECK(roster.merge(Line{"y", 1, 0, State::dead}, Time{}, &before, merged));
  CHECK(roster.merge(Line{"x", 1, 0, State::suspect}, Time{}, &before, merged));
  CHECK(merged == Roster::Merged::replaced);
  CHECK(roster.find("x")->member.state == State::suspect);
}
