#include "actors/thread_desk.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <map>
#include <memory>
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

std::shared_ptr<const RequestFacts> facts(const std::string& model, const std::string& tenant = "",
                                          config::RequestClass priority = config::RequestClass::standard) {
  auto made = std::make_shared<RequestFacts>(*asking(model).facts);
  made->tenant = tenant;
  made->priority = priority;
  return made;
}

/// Those who stand in the line of "m": what they were told, and the tickets of who has a turn.
struct Crowd {
  explicit Crowd(std::shared_ptr<const config::Config> config) : house(std::move(config)) {}

  std::vector<std::string> events;
  std::map<int, std::uint64_t> tickets;
  House house;  ///< ends first: whoever still waits then is told so

  boost::asio::awaitable<void> wait(int who, std::shared_ptr<const RequestFacts> as) {
    const auto ticket = co_await house.desk().join_line(as, kNever);
    if (ticket != 0) tickets[who] = ticket;
    events.push_back(std::to_string(who) + (ticket != 0 ? " turn" : " full"));
  }
  void join(int who, std::shared_ptr<const RequestFacts> as = facts("m")) {
    boost::asio::co_spawn(house.io, wait(who, std::move(as)), boost::asio::detached);
    house.run();
  }
  void leave(int who, bool served = true) {
    house.desk().leave_line(tickets[who], served);
    house.run();
  }
};

}  // namespace

TEST_CASE("a waiting line of one tenant is first come, first served, one turn at a time") {
  Crowd crowd(one_key());
  auto& house = crowd.house;
  for (int i = 1; i <= 3; ++i) crowd.join(i);
  CHECK(crowd.events == std::vector<std::string>{"1 turn"});
  crowd.leave(1);
  CHECK(crowd.events == std::vector<std::string>{"1 turn", "2 turn"});
  crowd.leave(1);
  crowd.leave(2);
  CHECK(crowd.events == std::vector<std::string>{"1 turn", "2 turn", "3 turn"});
  crowd.leave(3);
  CHECK(house.inspect("line", "m").detail["waiting"] == 0);
}

TEST_CASE("whoever comes while others wait must join; who has the turn need not") {
  Crowd crowd(one_key());
  auto& house = crowd.house;
  crowd.join(1, facts("m", "", config::RequestClass::interactive));
  const auto refused = house.refused("m");
  CHECK(refused.wait_in_line);
  CHECK(refused.fault == Fault::troupe_no_capacity);
  auto head = asking("m");
  head.in_line = true;
  house.settle(house.granted(head));
  crowd.leave(1);
  house.settle(house.granted("m"));
}

TEST_CASE("a higher class passes those who wait, and a lower one that has a turn waits for it") {
  Crowd crowd(one_key());
  auto& house = crowd.house;
  const auto batch = facts("m", "", config::RequestClass::batch);
  crowd.join(1, batch);
  house.settle(house.granted("m"));  // interactive
  auto asked = RouteAsk{batch, {}, {}, true};
  house.settle(house.granted(asked));
  crowd.join(2, facts("m", "", config::RequestClass::interactive));
  const auto refused = house.refused(asked);
  CHECK(refused.wait_in_line);
  CHECK(refused.retry_at > house.clock.now());
  crowd.leave(2);
  house.settle(house.granted(asked));
}

TEST_CASE("a turn that is of no use to one tenant goes to the next") {
  Crowd crowd(one_key(concurrency(2)));
  auto& house = crowd.house;
  std::vector<Granted> held;
  const auto ask = [&](const std::string& tenant, std::uint64_t ticket = 0) {
    return RouteAsk{facts("m", tenant), {}, {}, ticket != 0, false, ticket};
  };
  for (int i = 0; i < 2; ++i) held.push_back(house.granted(ask("a")));
  CHECK_FALSE(house.refused(ask("a")).kept);
  CHECK_FALSE(house.refused(ask("b")).kept);
  for (auto& one : held) house.settle(one);
  held[0] = house.granted(ask("a"));
  crowd.join(1, facts("m", "a"));
  crowd.join(2, facts("m", "b"));
  CHECK(crowd.events == std::vector<std::string>{"1 turn"});
  const auto refused = house.refused(ask("a", crowd.tickets[1]));
  CHECK(refused.kept);
  CHECK(refused.why.find("other tenants") != std::string::npos);
  house.run();
  CHECK(crowd.events == std::vector<std::string>{"1 turn", "2 turn"});
  house.settle(house.granted(ask("b", crowd.tickets[2])));
}

TEST_CASE("batch work leaves its share of a key alone, and says so") {
  House house(one_key(concurrency(10)));
  const RouteAsk batch{facts("m", "", config::RequestClass::batch), {}, {}};
  for (int i = 0; i < 8; ++i) house.granted(batch);
  const auto refused = house.refused(batch);
  CHECK(refused.wait_in_line);
  CHECK(refused.retry_at > house.clock.now());
  CHECK(refused.retry_at < kNever);
  for (int i = 0; i < 2; ++i) house.granted("m");
}

TEST_CASE("a full line turns newcomers away at once, or who has to make room for them") {
  auto config = one_key();
  config->models[0].queue.max_length = 2;
  Crowd crowd(config);
  for (int i = 1; i <= 3; ++i) crowd.join(i);
  CHECK(crowd.events == std::vector<std::string>{"1 turn", "3 full"});
  crowd.join(4, facts("m", "", config::RequestClass::interactive));
  CHECK(crowd.events == std::vector<std::string>{"1 turn", "3 full", "4 turn", "2 full"});
}

TEST_CASE("who is cancelled in line, or whose deadline passes, leaves it to those behind") {
  Crowd crowd(one_key());
  auto& house = crowd.house;
  crowd.join(1);
  boost::asio::cancellation_signal signal;
  boost::asio::co_spawn(house.io, crowd.wait(2, facts("m")),
                        boost::asio::bind_cancellation_slot(signal.slot(), boost::asio::detached));
  CHECK(house.get(house.desk().join_line(facts("m"), house.clock.now())) == 0);
  crowd.join(3);
  signal.emit(boost::asio::cancellation_type::all);
  house.run();
  CHECK(house.inspect("line", "m").detail["waiting"] == 2);
  crowd.leave(1);
  CHECK(crowd.events.back() == "3 turn");
}

TEST_CASE("who still waits in line when its line or the company ends is told so") {
  Crowd crowd(one_key());
  auto& house = crowd.house;
  for (int i = 1; i <= 2; ++i) crowd.join(i);
  house.company->apply(house_config({provider("p", {key("a")})}, {}));
  house.run();
  CHECK(crowd.events == std::vector<std::string>{"1 turn", "2 full"});
  house.company->apply(one_key());
  house.run();
  for (int i = 3; i <= 4; ++i) crowd.join(i);
  house.company.reset();
  house.run();
  CHECK(crowd.events == std::vector<std::string>{"1 turn", "2 full", "3 turn", "4 full"});
}

TEST_CASE("names of the form provider/model wait in the provider's line, unknown names in none") {
  House house(one_key());
  const auto ticket = house.get(house.desk().join_line(facts("p/other"), kNever));
  CHECK(ticket != 0);
  CHECK(house.inspect("line", "p/*").detail["waiting"] == 1);
  CHECK(house.get(house.desk().join_line(facts("q/x"), kNever)) == 0);
  house.desk().leave_line(ticket, true);
  house.desk().leave_line(12345, true);
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
