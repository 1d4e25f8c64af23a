#include "gateway/batch/merge.hpp"

#include "gateway/batch/ids.hpp"
#include "tests/support/catch.hpp"

namespace troupe::batch {
namespace {

std::string id(const std::string& node, int at) {
  return make_id(Kind::batch, node, WallTime(std::chrono::milliseconds(at)), 7);
}

Page page(const std::string& node, const std::vector<int>& times, const PageAsk& ask) {
  std::vector<Json> all;
  for (const int at : times) all.push_back({{"id", id(node, at)}, {"at", at}});
  return page_of(all, ask);
}

std::vector<int> times(const Page& page) {
  std::vector<int> out;
  for (const auto& one : page.data) out.push_back(one["at"]);
  return out;
}

using Times = std::vector<int>;

TEST_CASE("a list begins with the newest, or with the oldest where that is asked") {
  CHECK(times(page("n", {1, 3, 2}, {})) == Times{3, 2, 1});
  PageAsk ask;
  ask.ascending = true;
  CHECK(times(page("n", {1, 3, 2}, ask)) == Times{1, 2, 3});
}

TEST_CASE("the pages of several nodes are one list, walked through without a gap or a repetition") {
  const Times a{1, 4, 5, 9, 10, 11}, b{2, 3, 6}, c{7, 8};
  for (const bool ascending : {false, true}) {
    for (std::size_t limit = 1; limit < 13; ++limit) {
      PageAsk ask{"", limit, ascending};
      Times seen;
      for (;;) {
        const auto merged = merge({page("a", a, ask), page("b", b, ask), page("c", c, ask)}, ask);
        REQUIRE_FALSE(merged.data.empty());
        CHECK(merged.data.size() <= limit);
        for (const int at : times(merged)) seen.push_back(at);
        if (!merged.has_more) break;
        ask.after = merged.data.back()["id"];
      }
      Times wanted{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
      if (!ascending) std::reverse(wanted.begin(), wanted.end());
      CHECK(seen == wanted);
    }
  }
}

TEST_CASE("a node that cut its page short holds the others back to where it stopped") {
  const PageAsk whole{"", 10, false}, two{"", 2, false};
  const auto merged = merge({page("a", {9, 7, 5}, two), page("b", {8, 6, 4}, whole)}, whole);
  CHECK(times(merged) == Times{9, 8, 7});
  CHECK(merged.has_more);
}

TEST_CASE("a list is shown with its first and last names") {
  const auto json = shown(page("n", {1, 2}, {}));
  CHECK(json["object"] == "list");
  CHECK(json["first_id"] == id("n", 2));
  CHECK(json["last_id"] == id("n", 1));
  CHECK(json["has_more"] == false);
  CHECK(shown(Page{})["first_id"].is_null());
}

}  // namespace
}  // namespace troupe::batch
