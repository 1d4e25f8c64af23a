#include "cluster/members/health.hpp"

#include <limits>

#include "tests/policy/property.hpp"

using namespace troupe;
using namespace troupe::members;
using namespace std::chrono_literals;

namespace {

const std::map<std::string, std::uint64_t> kKeys{{"openai/a", 11}, {"openai/b", 12}};

Health node(const std::string& name, std::uint64_t incarnation = 1, std::uint64_t seed = 1) {
  HealthSettings settings;
  settings.name = name;
  settings.incarnation = incarnation;
  Health made(settings, Time{}, seed);
  made.configure(kKeys, Time{});
  return made;
}

/// Everything that `from` would tell a newcomer.
void tell(Health& from, Health& to, Time now, Duration delay = 0s) {
  for (const auto& outgoing : from.connected("x", now).send)
    to.hear(std::get<HealthNews>(outgoing.message), now + delay);
}

}  // namespace

TEST_CASE("a key that one node finds refused is refused on all until its configuration changes") {
  auto a = node("a"), b = node("b");
  const auto step = a.note("openai/a", Aspect::verdict, 1, std::nullopt, Time{});
  REQUIRE(step.changes.size() == 1);
  CHECK(step.changes[0].mine);
  tell(a, b, Time{});
  CHECK(b.of("openai/a", Time{} + 1000h).refused);
  CHECK_FALSE(b.of("openai/b", Time{}).refused);
  const auto changed = b.configure({{"openai/a", 99}, {"openai/b", 12}}, Time{});
  REQUIRE(changed.changes.size() == 1);
  CHECK(changed.changes[0].over);
  CHECK_FALSE(b.of("openai/a", Time{}).refused);
  tell(a, b, Time{});
  CHECK_FALSE(b.of("openai/a", Time{}).refused);
}

TEST_CASE("a pause travels as what remains of it, whatever the nodes' clocks say") {
  auto a = node("a"), b = node("b");
  a.note("openai/a", Aspect::pause, 1, 30s, Time{});
  const auto elsewhere = Time{} + 5000h;
  for (const auto& outgoing : a.connected("b", Time{} + 10s).send)
    b.hear(std::get<HealthNews>(outgoing.message), elsewhere);
  CHECK(b.of("openai/a", elsewhere).not_before == elsewhere + 20s);
  CHECK(b.tick({}, elsewhere + 19s).changes.empty());
  const auto over = b.tick({}, elsewhere + 20s);
  REQUIRE(over.changes.size() == 1);
  CHECK(over.changes[0].over);
  CHECK(b.of("openai/a", elsewhere + 20s).not_before == Time::min());
}

TEST_CASE("a late copy neither prolongs a time nor brings it back") {
  auto a = node("a"), b = node("b");
  a.note("openai/a", Aspect::pause, 1, 30s, Time{});
  tell(a, b, Time{});
  tell(a, b, Time{}, 20s);
  CHECK(b.of("openai/a", Time{} + 1s).not_before == Time{} + 30s);
  b.tick({}, Time{} + 30s);
  tell(a, b, Time{}, 31s);
  CHECK(b.of("openai/a", Time{} + 32s).not_before == Time::min());
  CHECK(b.view(Time{} + 32s).empty());
}

TEST_CASE("the newest word wins: a key that works again is not refused any more, anywhere") {
  auto a = node("a"), b = node("b"), c = node("c");
  a.note("openai/a", Aspect::verdict, 1, std::nullopt, Time{});
  tell(a, b, Time{});
  tell(a, c, Time{});
  b.note("openai/a", Aspect::verdict, 0, std::nullopt, Time{} + 1s);
  tell(b, a, Time{} + 1s);
  tell(b, c, Time{} + 1s);
  tell(a, c, Time{} + 1s);
  for (auto* it : {&a, &b, &c}) CHECK_FALSE(it->of("openai/a", Time{} + 1s).refused);
}

TEST_CASE("an older word that comes late changes nothing, also when its speaker's name is the higher one") {
  auto z = node("z"), a = node("a"), c = node("c");
  z.note("openai/a", Aspect::verdict, 1, std::nullopt, Time{});
  tell(z, a, Time{});
  a.note("openai/a", Aspect::verdict, 0, std::nullopt, Time{} + 1s);
  CHECK_FALSE(a.of("openai/a", Time{} + 1s).refused);
  tell(a, c, Time{} + 1s);
  tell(z, c, Time{} + 1s);
  tell(z, a, Time{} + 1s);
  CHECK_FALSE(c.of("openai/a", Time{} + 1s).refused);
  CHECK_FALSE(a.of("openai/a", Time{} + 1s).refused);
}

TEST_CASE("a fact that was told enough is still repeated while it holds") {
  auto a = node("a"), late = node("b");
  a.note("openai/a", Aspect::verdict, 1, std::nullopt, Time{});
  for (int second = 1; second < 60; ++second) a.tick({"x"}, Time{} + second * 1s);
  for (const auto& outgoing : a.tick({"b"}, Time{} + 60s).send)
    late.hear(std::get<HealthNews>(outgoing.message), Time{} + 60s);
  CHECK(late.of("openai/a", Time{} + 60s).refused);
}

TEST_CASE("each aspect of a key is on its own") {
  auto a = node("a");
  a.note("openai/a", Aspect::breaker, 1, 30s, Time{});
  a.note("openai/a", Aspect::rpm, 300, 1min, Time{});
  a.note("openai/a", Aspect::tpm, 9000, 2min, Time{});
  auto health = a.of("openai/a", Time{} + 1s);
  CHECK(health.open_until == Time{} + 30s);
  CHECK(health.limits == std::map<Aspect, std::int64_t>{{Aspect::rpm, 300}, {Aspect::tpm, 9000}});
  health = a.of("openai/a", Time{} + 90s);
  CHECK_FALSE(health.open_until);
  CHECK(health.limits == std::map<Aspect, std::int64_t>{{Aspect::tpm, 9000}});
}

TEST_CASE("a restarted node's words are new ones, although it counts from the start") {
  auto before = node("a"), after = node("a", 2), b = node("b");
  before.note("openai/a", Aspect::pause, 1, 30s, Time{});
  tell(before, b, Time{});
  after.note("openai/a", Aspect::pause, 1, 90s, Time{} + 1s);
  tell(after, b, Time{} + 1s);
  CHECK(b.of("openai/a", Time{} + 1s).not_before == Time{} + 91s);
}

TEST_CASE("facts of unknown keys, other configurations and impossible values are ignored") {
  auto a = node("a");
  const Fact good{"openai/a", 11, Aspect::pause, {1, "b", 1}, 1, 1000};
  const auto with = [&](auto change) {
    auto fact = good;
    change(fact);
    a.hear({{fact}}, Time{});
  };
  with([](Fact& it) { it.key = "openai/zzz"; });
  with([](Fact& it) { it.revision = 12; });
  with([](Fact& it) { it.remaining_ms = Fact::kUntilChanged; });
  with([](Fact& it) { it.remaining_ms = 0; });
  with([](Fact& it) { it.value = -1; });
  with([](Fact& it) { it.aspect = static_cast<Aspect>(9); });
  with([](Fact& it) { it.stamp.version = ~0ULL; });
  a.hear({std::vector<Fact>(kFacts + 1, good)}, Time{});
  CHECK(a.ignored() == 8);
  CHECK(a.view(Time{}).empty());
  with([](Fact& it) { it.remaining_ms = std::numeric_limits<std::int64_t>::max(); });
  CHECK(a.of("openai/a", Time{}).not_before == Time{} + 24h * 7);
}

TEST_CASE("where nothing is known nothing is sent, and what holds is repeated within a bound") {
  auto a = node("a");
  CHECK(a.tick({"b", "c"}, Time{} + 1s).send.empty());
  std::map<std::string, std::uint64_t> keys;
  for (int at = 0; at < 100; ++at) keys["p/" + std::to_string(at)] = 1;
  a.configure(keys, Time{});
  for (const auto& [key, revision] : keys) a.note(key, Aspect::verdict, 1, std::nullopt, Time{});
  auto b = node("b");
  b.configure(keys, Time{});
  for (int second = 1; second < 60; ++second) {
    for (const auto& outgoing : a.tick({"b"}, Time{} + second * 1s).send) {
      const auto& message = std::get<HealthNews>(outgoing.message);
      CHECK(message.facts.size() <= kFacts);
      b.hear(message, Time{} + second * 1s);
    }
  }
  CHECK(b.view(Time{} + 60s).size() == 100);
}

TEST_CASE("nodes agree on every fact whatever the network loses, doubles and reorders") {
  testing::holds(
      [](std::uint64_t seed) {
        Random random(seed);
        std::vector<Health> nodes;
        std::vector<std::string> names;
        for (int at = 0; at < 10; ++at) names.push_back("n" + std::to_string(at));
        for (int at = 0; at < 10; ++at)
          nodes.push_back(node(names[static_cast<std::size_t>(at)], 1, random.next()));
        std::vector<std::pair<std::size_t, HealthNews>> way;
        for (int step = 0; step < 600; ++step) {
          const auto now = Time{} + step * 100ms;
          const auto teller = random.below(10);
          if (step < 100 && step % 5 == 0)
            nodes[teller].note(
                random.below(2) == 0 ? "openai/a" : "openai/b", static_cast<Aspect>(random.below(3)),
                static_cast<std::int64_t>(random.below(2)),
                random.below(3) == 0 ? std::optional<Duration>(200s) : std::optional<Duration>(90s), now);
          for (std::size_t at = 0; at < nodes.size(); ++at) {
            for (auto& outgoing : nodes[at].tick(names, now).send) {
              const auto to = static_cast<std::size_t>(outgoing.to[1] - '0');
              for (auto copies = random.below(10) == 0 ? 2 : 1; copies > 0 && random.below(5) != 0; --copies)
                way.emplace_back(to, std::get<HealthNews>(outgoing.message));
            }
          }
          for (std::size_t count = way.size() / 2; count > 0; --count) {
            const auto at = random.below(way.size());
            nodes[way[at].first].hear(way[at].second, now);
            way[at] = way.back();
            way.pop_back();
          }
        }
        const auto first = nodes[0].view(Time{} + 60s);
        for (const auto& other : nodes) {
          const auto view = other.view(Time{} + 60s);
          RC_ASSERT(view.size() == first.size());
          for (std::size_t at = 0; at < view.size(); ++at)
            RC_ASSERT(view[at].fact.stamp == first[at].fact.stamp);
        }
      },
      15);
}

TEST_CASE("a pause does not shorten one that another node has told") {
  auto a = node("a"), b = node("b");
  a.note("openai/a", Aspect::pause, 1, 30s, Time{});
  tell(a, b, Time{});
  b.note("openai/a", Aspect::pause, 1, 5s, Time{} + 1s);
  tell(b, a, Time{} + 1s);
  CHECK(b.of("openai/a", Time{} + 1s).not_before == Time{} + 30s);
  CHECK(a.of("openai/a", Time{} + 1s).not_before == Time{} + 30s);
}
