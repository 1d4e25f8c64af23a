#include "gateway/hooks/courier.hpp"

#include "tests/gateway/keeper/rig.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::hooks;
using namespace std::chrono_literals;

namespace {

Notice notice(const std::string& id, const std::string& webhook = "http://127.0.0.1:7/hook") {
  Notice out;
  out.id = id;
  out.budget = "tenant/search";
  out.how.webhook = config::Secret(webhook);
  return out;
}

struct Post : keeper::testing::Rig {
  std::vector<std::string> heard;
  Courier courier{pool, clock, {}, [this](const Notice& told) { heard.push_back(told.id); }};

  void pass(Duration span) {
    clock.advance(span);
    courier.look(clock.now());
    run();
  }
};

}  // namespace

TEST_CASE("a notice is posted once and heard when it is answered well") {
  Post rig;
  const auto wire = rig.connection("127.0.0.1", "7");
  rig.courier.tell(notice("1-8000"));
  rig.courier.tell(notice("1-8000"));
  rig.run();
  const auto sent = wire.read();
  CHECK(keeper::testing::has(sent, "POST /hook HTTP/1.1\r\n"));
  CHECK(keeper::testing::has(sent, "x-troupe-alert-id: 1-8000\r\n"));
  CHECK(keeper::testing::has(sent, "\"budget\":\"tenant/search\""));
  CHECK(rig.heard.empty());
  rig.answer(wire, 204, "");
  CHECK(rig.heard == std::vector<std::string>{"1-8000"});
  rig.pass(60s);
  CHECK(wire.read().empty());
  CHECK(rig.courier.under_way() == 0);
}

TEST_CASE("one that is refused is posted again after a pause, until it is heard") {
  Post rig;
  auto wire = rig.connection("127.0.0.1", "7");
  rig.courier.tell(notice("1-8000"));
  rig.run();
  wire.read();
  rig.answer(wire, 500, "no");
  rig.pass(500ms);
  CHECK(wire.read().empty());
  rig.pass(500ms);
  CHECK(keeper::testing::has(wire.read(), "1-8000"));
  rig.answer(wire, 200, "ok");
  CHECK(rig.heard.size() == 1);
}

TEST_CASE("after some failures it is left to whoever keeps the books") {
  Post rig;
  auto wire = rig.connection("127.0.0.1", "7");
  rig.courier.tell(notice("1-8000"));
  rig.run();
  for (int i = 0; i < kTries; ++i) {
    rig.answer(wire, 500, "no");
    rig.pass(40s);
  }
  CHECK(rig.courier.under_way() == 0);
  CHECK(rig.heard.empty());
  wire.read();
  rig.courier.tell(notice("1-8000"));
  rig.run();
  CHECK(keeper::testing::has(wire.read(), "1-8000"));
}

TEST_CASE("without a webhook it is told as soon as it is in the log") {
  Post rig;
  rig.courier.tell(notice("1-8000", ""));
  CHECK(rig.heard == std::vector<std::string>{"1-8000"});
}
