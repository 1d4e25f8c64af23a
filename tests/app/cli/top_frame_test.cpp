#include "app/cli/top_frame.hpp"

#include <algorithm>

#include "app/cli/table.hpp"
#include "tests/support/catch.hpp"

using namespace troupe::cli;

namespace {

TopData busy() {
  TopData data;
  data.overview =
      Json::parse(R"({"node":"node-1","version":"0.1.0","ready":true,"requests_per_s":12.5,"in_flight":3,
    "alerts":[{"name":"key_dead","message":"key 'a/b' is dead"}]})");
  data.pane = {{"keys", Json::array()}};
  for (int i = 0; i < 100; ++i)
    data.pane["keys"].push_back({{"id", "p/" + std::to_string(i)}, {"state", "closed"}});
  return data;
}

}  // namespace

TEST_CASE("a frame fits the screen whatever there is to show") {
  for (const std::size_t rows : {1, 5, 24, 60}) {
    TopView view;
    view.rows = rows;
    view.columns = 40;
    const auto frame = top_frame(busy(), view);
    CHECK(static_cast<std::size_t>(std::count(frame.begin(), frame.end(), '\n')) <=
          std::max<std::size_t>(rows, 3));
    std::size_t begin = 0;
    for (auto end = frame.find('\n'); end != frame.npos; begin = end + 1, end = frame.find('\n', begin))
      CHECK(width(frame.substr(begin, end - begin)) <= 40);
  }
}

TEST_CASE("a frame shows rates, alerts, the pane and the keys to press") {
  TopView view;
  view.columns = 120;
  const auto frame = top_frame(busy(), view);
  CHECK(frame.find("troupe node-1 0.1.0  ready") == 0);
  CHECK(frame.find("12.50 req/s  3 in flight") != frame.npos);
  CHECK(frame.find("! key 'a/b' is dead") != frame.npos);
  CHECK(frame.find("p/0") != frame.npos);
  CHECK(frame.find("[q]uit") != frame.npos);
}

TEST_CASE("a node that is gone is said to be, over what was last known") {
  auto data = busy();
  data.trouble = "no answer from http://127.0.0.1:9901";
  const auto frame = top_frame(data, {});
  CHECK(frame.find("no answer") != frame.npos);
  CHECK(frame.find("p/0") != frame.npos);
}

TEST_CASE("keys choose the pane, turn the sort order and quit") {
  TopView view;
  CHECK(press(view, 'a'));
  CHECK(pane_target(view) == "/actors?sort=busy_pct");
  CHECK(press(view, 's'));
  CHECK(pane_target(view) == "/actors?sort=messages");
  CHECK(press(view, 'p'));
  CHECK(pane_target(view) == "/providers");
  CHECK(press(view, 0));
  CHECK_FALSE(press(view, 'q'));
}
