#include "gateway/semantic/meanings.hpp"

#include <memory>

#include "core/random.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::semantic;
using namespace std::chrono_literals;

namespace {

const Time t0{Duration(1h)};
constexpr cache::Digest kFrame{1, 1, 1, 1}, kOther{2, 2, 2, 2};

cache::EntryPtr entry(std::string body, std::string tenant = "t") {
  auto made = std::make_shared<cache::Entry>();
  made->body = std::move(body);
  made->tenant = std::move(tenant);
  made->picos = 5;
  return made;
}

struct Library {
  Meanings meanings;
  explicit Library(Meanings::Settings settings = {0.8F, 100, true}) { meanings.use(settings); }
  void put(std::string text, std::string body, Time now = t0, cache::Digest frame = kFrame,
           std::string_view group = "t/m") {
    meanings.put(group, {frame, text}, lexical_vector(text), entry(std::move(body)), 10min, now);
  }
  std::string find(std::string text, Time now = t0, cache::Digest frame = kFrame,
                   std::string_view group = "t/m", Duration max_age = 24h) {
    const auto found = meanings.find(group, {frame, text}, lexical_vector(text), max_age, now);
    return found ? found->entry->body : "";
  }
};

}  // namespace

TEST_CASE("a question that is nearly the same gets the answer, with its score and age") {
  Library library;
  library.put("How do I reset my password?", "A");
  library.put("How tall is the Eiffel tower?", "B");
  const auto text = "How can I reset my password";
  const auto found = library.meanings.find("t/m", {kFrame, text}, lexical_vector(text), 24h, t0 + 5s);
  REQUIRE(found);
  CHECK(found->entry->body == "A");
  CHECK(found->age == 5s);
  CHECK(found->score > 0.8F);
  CHECK(found->score <= 1);
  CHECK(library.find("What is a monad?").empty());
  CHECK(library.meanings.hits() == 1);
  CHECK(library.meanings.tenants().at("t").saved_picos == 5);
}

TEST_CASE("everything but the question must be the same, and the tenant and model") {
  Library library;
  library.put("How do I reset my password?", "A");
  CHECK(library.find("How do I reset my password?") == "A");
  CHECK(library.find("How do I reset my password?", t0, kOther).empty());
  CHECK(library.find("How do I reset my password?", t0, kFrame, "u/m").empty());
}

TEST_CASE("the guard forbids the nearest and lets the next pass") {
  Library library({0.5F, 100, true});
  library.put("What is 17 percent of 200 euros please?", "34");
  library.put("What is 18 percent of 200 euros?", "36");
  CHECK(library.find("What is 18 percent of 200 euros please?") == "36");
  CHECK(library.find("What is 19 percent of 200 euros please?").empty());
  CHECK(library.meanings.forbidden() > 0);
  library.meanings.use({0.5F, 100, false});
  CHECK_FALSE(library.find("What is 19 percent of 200 euros please?").empty());
}

TEST_CASE("answers end with their time, and a caller can want a younger one") {
  Library library;
  library.put("reset my password", "A");
  CHECK(library.find("reset my password", t0 + 2min, kFrame, "t/m", 1min).empty());
  CHECK(library.find("reset my password", t0 + 2min) == "A");
  CHECK(library.find("reset my password", t0 + 10min).empty());
  CHECK(library.meanings.entries() == 0);
  CHECK(library.meanings.bytes() == 0);
}

TEST_CASE("where there are too many the oldest of the group goes") {
  Library library({0.99F, 2, true});
  library.put("apples are red", "A");
  library.put("bananas are yellow", "B");
  library.put("of another group", "X", t0, kFrame, "u/m");
  library.put("cucumbers are green", "C", t0, kOther);
  CHECK(library.find("apples are red").empty());
  CHECK(library.find("bananas are yellow") == "B");
  CHECK(library.find("of another group", t0, kFrame, "u/m") == "X");
  CHECK(library.meanings.evicted() == 1);
  CHECK(library.meanings.entries() == 3);
}

TEST_CASE("one tenant's answers can be forgotten alone") {
  Library library;
  library.put("apples are red", "A");
  library.meanings.put("u/m", {kFrame, "pears"}, lexical_vector("pears"), entry("P", "u"), 10min, t0);
  library.meanings.flush("t");
  CHECK(library.find("apples are red").empty());
  CHECK(library.find("pears", t0, kFrame, "u/m") == "P");
  library.meanings.flush();
  CHECK(library.meanings.entries() == 0);
}

TEST_CASE("among many vectors the index finds the nearest, also after most are gone") {
  Random random(7);
  const auto draw = [&] {
    Vector vector(32);
    for (auto& one : vector) one = static_cast<float>(random.unit() - 0.5);
    normalise(vector);
    return vector;
  };
  Index index(32);
  std::vector<Vector> all;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    all.push_back(draw());
    index.add(i, all.back());
  }
  int right = 0;
  for (std::uint64_t i = 0; i < 3000; i += 10) right += index.near(all[i], 1).at(0).id == i ? 1 : 0;
  CHECK(right >= 297);
  for (std::uint64_t i = 0; i < 2900; ++i) index.remove(i);
  CHECK(index.size() == 100);
  for (std::uint64_t i = 2900; i < 3000; ++i) CHECK(index.near(all[i], 3).at(0).id == i);
  CHECK(index.near(all[5], 1).at(0).id >= 2900);
  CHECK(index.near(Vector(7), 1).empty());
}
