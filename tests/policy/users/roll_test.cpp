#include "actors/policy/users/roll.hpp"

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::users;
using namespace std::chrono_literals;

namespace {

struct Entry {
  bool works = false;
  int visits = 0;
  bool busy() const { return works; }
};

struct Bench {
  Roll<Entry> roll;
  Time now{100h};
  Entry* seat(const std::string& name) {
    auto* entry = roll.seat(name, 1min, now, [] { return Entry{}; });
    if (entry) ++entry->visits;
    return entry;
  }
};

}  // namespace

TEST_CASE("who is idle for long is forgotten, not who is busy or came again") {
  Bench b;
  b.seat("idle");
  b.seat("late");
  b.seat("busy")->works = true;
  b.now += 40s;
  b.roll.touch("late", b.now);
  b.now += 30s;
  b.seat("ann");
  CHECK_FALSE(b.roll.find("idle"));
  CHECK(b.seat("late")->visits == 2);
  CHECK(b.seat("busy")->visits == 2);
}

TEST_CASE("beyond the most the idlest is forgotten early, and where all are busy nobody more is seated") {
  Bench b;
  for (std::size_t i = 0; i < Roll<Entry>::kMost; ++i) b.seat(std::to_string(i));
  CHECK(b.seat("late")->visits == 1);
  CHECK(b.roll.size() == Roll<Entry>::kMost);
  CHECK(b.seat("0")->visits == 1);  // begins again
  CHECK(b.seat("2")->visits == 2);
  b.roll.each([](const std::string&, Entry& entry) { entry.works = true; });
  CHECK_FALSE(b.seat("nobody"));
  b.roll.erase("2");
  CHECK(b.seat("nobody"));
}
