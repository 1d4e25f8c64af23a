#include "actors/thread_desk.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <string>
#include <thread>
#include <vector>

#include "actors/ask.hpp"
#include "tests/actors/house.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::actors::testing;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<config::Config> one_key(config::Limits limits = {}) {
  return house_config({provider("p", {key("a", limits)})}, {model("m", {"p/x"})});
}

/// Waits in the line of "m" and notes when it is at the head.
boost::asio::awaitable<void> stand(Desk& desk, int who, std::vector<std::string>& events) {
  const bool turn = co_await desk.join_line("m", kNever);
  events.push_back(std::to_string(who) + (turn ? " turn" : " full"));
}

void stand(House& house, int who, std::vector<std::string>& events) {
  boost::asio::co_spawn(house.io, stand(house.desk(), who, events), boost::asio::detached);
  house.run();
}

}  // namespace

TEST_CASE("a waiting line is first come, first served, one at the head at a time") {
  std::vector<std::string> events;
  House house(one_key());
  for (int i = 1; i <= 3; ++i) stand(house, i, events);
  CHECK(events == std::vector<std::string>{"1 turn"});
  house.desk().leave_line("m");
  house.run();
  CHECK(events == std::vector<std::string>{"1 turn", "2 turn"});
  house.desk().leave_line("m");
  house.desk().leave_line("m");
  house.run();
  CHECK(events == std::vector<std::string>{"1 turn", "2 turn", "3 turn"});
  house.desk().leave_line("m");
  house.run();
  CHECK(house.inspect("line", "m").detail["waiting"] == 0);
}

TEST_CASE("whoever comes while others wait must join; the head need not") {
  std::vector<std::string> events;
  House house(one_key());
  stand(house, 1, events);
  const auto refused = house.refused("m");
  CHECK(refused.wait_in_line);
  CHECK(refused.fault == Fault::troupe_no_capacity);
  auto head = asking("m");
  head.in_line = true;
  house.settle(house.granted(head));
  house.desk().leave_line("m");
  house.run();
  house.settle(house.granted("m"));
}

TEST_CASE("a full line turns newcomers away at once") {
  auto config = one_key();
  config->models[0].queue.max_length = 2;
  std::vector<std::string> events;
  House house(config);
  for (int i = 1; i <= 3; ++i) stand(house, i, events);
  CHECK(events == std::vector<std::string>{"1 turn", "3 full"});
}

TEST_CASE("who is cancelled in line, or whose deadline passes, leaves it to those behind") {
  std::vector<std::string> events;
  House house(one_key());
  stand(house, 1, events);
  boost::asio::cancellation_signal signal;
  boost::asio::co_spawn(house.io, stand(house.desk(), 2, events),
                        boost::asio::bind_cancellation_slot(signal.slot(), boost::asio::detached));
  CHECK_FALSE(house.get(house.desk().join_line("m", house.clock.now())));
  stand(house, 3, events);
  signal.emit(boost::asio::cancellation_type::all);
  house.run();
  CHECK(house.inspect("line", "m").detail["waiting"] == 2);
  house.desk().leave_line("m");
  house.run();
  CHECK(events.back() == "3 turn");
}

TEST_CASE("who still waits in line when its line or the company ends is told so") {
  std::vector<std::string> events;
  House house(one_key());
  for (int i = 1; i <= 2; ++i) stand(house, i, events);
  house.company->apply(house_config({provider("p", {key("a")})}, {}));
  house.run();
  CHECK(events == std::vector<std::string>{"1 turn", "2 full"});
  house.company->apply(one_key());
  house.run();
  for (int i = 3; i <= 4; ++i) stand(house, i, events);
  house.company.reset();
  house.run();
  CHECK(events == std::vector<std::string>{"1 turn", "2 full", "3 turn", "4 full"});
}

TEST_CASE("names of the form provider/model wait in the provider's line, unknown names in none") {
  House house(one_key());
  CHECK(house.get(house.desk().join_line("p/other", kNever)));
  CHECK(house.inspect("line", "p/*").detail["waiting"] == 1);
  CHECK_FALSE(house.get(house.desk().join_line("q/x", kNever)));
  house.desk().leave_line("p/other");
  house.desk().leave_line("never joined");
  house.run();
  CHECK(house.inspect("line", "p/*").detail["waiting"] == 0);
}

TEST_CASE("a permit granted to a coroutine that is gone comes back unused") {
  auto house = std::make_unique<House>(one_key(concurrency(1)));
  ThreadDesk& desk = dynamic_cast<ThreadDesk&>(house->desk());
  {
    Question<RouteAnswer> abandoned(desk.port());
    abandoned.send(*desk.router().handle(), Route{asking("m")});
    REQUIRE(abandoned.settled());
  }
  house->run();
  CHECK(house->inspect("key", "p/a").detail["in_flight"] == 0);
  CHECK(house->inspect("key", "p/a").detail["permits"]["settled"] == 1);
  CHECK(desk.port().open_slots() == 0);
  house->settle(house->granted("m"));
}

TEST_CASE("an answer that was still on its way when the coroutine was cancelled comes back unused") {
  House house(one_key(concurrency(1)));
  ThreadDesk& desk = dynamic_cast<ThreadDesk&>(house.desk());
  // From a foreign thread the question takes a turn of the context to be answered; by then nobody asks.
  std::thread elsewhere([&] {
    class Nobody final : public Asker {
      void answered(caf::message&) override {}
    } nobody;
    const auto id = desk.port().open_slot(nobody);
    auto* router = caf::actor_cast<caf::abstract_actor*>(*desk.router().handle());
    router->enqueue(caf::make_mailbox_element(desk.port().address(), id, {}, Route{asking("m")}), nullptr);
    desk.port().close_slot(id);
  });
  elsewhere.join();
  house.run();
  const auto detail = house.inspect("key", "p/a").detail;
  CHECK(detail["permits"]["granted"] == 1);
  CHECK(detail["in_flight"] == 0);
}

TEST_CASE("settling twice is counted and changes nothing") {
  House house(one_key(rpm(5)));
  const auto granted = house.granted("m");
  house.settle(granted);
  house.settle(granted);
  const auto detail = house.inspect("key", "p/a").detail;
  CHECK(detail["permits"]["settled"] == 1);
  CHECK(detail["permits"]["ignored"] == 1);
}
