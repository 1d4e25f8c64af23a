#include "actors/ask.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "actors/scheduler.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;

namespace {

/// One I/O context, driven by the test's own thread, with CAF on it and a port.
struct Theatre {
  boost::asio::io_context io;
  SystemConfig config{{&io}};
  caf::actor_system system{config};
  caf::strong_actor_ptr address = Port::open(system, Coordinator::of(system).unit(0));

  Port& port() { return Port::of(address); }
  void run() {
    io.restart();
    io.poll();
  }
  template <class Coroutine>
  void spawn(Coroutine coroutine) {
    boost::asio::co_spawn(io, std::move(coroutine), boost::asio::detached);
  }
  void end(const caf::actor& actor) {
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    run();
  }
};

caf::behavior doubler(caf::event_based_actor*) {
  return {[](int n) { return 2 * n; }};
}

caf::behavior forwarder(caf::event_based_actor* self, const caf::actor& to) {
  return {[=](int n) { return self->delegate(to, n); }};
}

caf::behavior thrower(caf::event_based_actor* self) {
  self->set_exception_handler(
      [](caf::scheduled_actor*, std::exception_ptr&) -> caf::error { return caf::sec::runtime_error; });
  return {[](int) -> int { throw std::runtime_error("on purpose"); }};
}

/// Answers the first question when a string comes.
struct Procrastinator : caf::event_based_actor {
  explicit Procrastinator(caf::actor_config& config) : caf::event_based_actor(config) {}
  caf::behavior make_behavior() override {
    return {[this](int) {
              promise = make_response_promise();
              return promise;
            },
            [this](const std::string&) { promise.deliver(7); }};
  }
  // A promise keeps its actor alive.
  void on_exit() override { promise = {}; }
  caf::response_promise promise;
};

boost::asio::awaitable<void> put(Port& port, caf::actor to, int n, std::vector<int>& answers) {
  const auto answer = co_await ask<int>(port, to, n);
  answers.push_back(answer.value_or(-1));
}

}  // namespace

TEST_CASE("an actor that can answer at once does so before the question returns") {
  Theatre theatre;
  const auto actor = theatre.system.spawn<caf::lazy_init>(doubler);
  Question<int> question(theatre.port());
  question.send(actor, 21);
  REQUIRE(question.settled());
  CHECK(question.take() == 42);
  CHECK(theatre.port().open_slots() == 0);
  theatre.end(actor);
}

TEST_CASE("an answer comes from whom the question was delegated to") {
  Theatre theatre;
  const auto last = theatre.system.spawn(doubler);
  const auto first = theatre.system.spawn(forwarder, last);
  std::vector<int> answers;
  theatre.spawn(put(theatre.port(), first, 4, answers));
  theatre.run();
  CHECK(answers == std::vector<int>{8});
  theatre.end(first);
  theatre.end(last);
}

TEST_CASE("a question to an actor that dies over it, or is dead, ends without an answer") {
  Theatre theatre;
  const auto actor = theatre.system.spawn(thrower);
  std::vector<int> answers;
  theatre.spawn(put(theatre.port(), actor, 1, answers));
  theatre.run();
  theatre.spawn(put(theatre.port(), actor, 1, answers));
  theatre.run();
  CHECK(answers == std::vector<int>{-1, -1});
}

TEST_CASE("a coroutine sleeps until a late answer comes") {
  Theatre theatre;
  const auto actor = theatre.system.spawn<Procrastinator>();
  std::vector<int> answers;
  theatre.spawn(put(theatre.port(), actor, 1, answers));
  theatre.run();
  CHECK(answers.empty());
  caf::anon_send(actor, std::string("now"));
  theatre.run();
  CHECK(answers == std::vector<int>{7});
  theatre.end(actor);
}

TEST_CASE("the answer to a cancelled question goes to the port, and its slot is not mistaken for a new one") {
  Theatre theatre;
  const auto actor = theatre.system.spawn<Procrastinator>();
  const auto quick = theatre.system.spawn(doubler);
  std::vector<int> answers, late;
  theatre.port().on_late([&](caf::message& content) { late.push_back(content.get_as<int>(0)); });
  boost::asio::cancellation_signal signal;
  boost::asio::co_spawn(theatre.io, put(theatre.port(), actor, 1, answers),
                        boost::asio::bind_cancellation_slot(signal.slot(), boost::asio::detached));
  theatre.run();
  signal.emit(boost::asio::cancellation_type::all);
  theatre.run();
  CHECK(answers == std::vector<int>{-1});
  CHECK(theatre.port().open_slots() == 0);
  theatre.spawn(put(theatre.port(), quick, 5, answers));
  caf::anon_send(actor, std::string("now"));
  theatre.run();
  CHECK(answers == std::vector<int>{-1, 10});
  CHECK(late == std::vector<int>{7});
  theatre.end(actor);
  theatre.end(quick);
}

TEST_CASE("a question with patience is over when the time is") {
  Theatre theatre;
  const auto actor = theatre.system.spawn<Procrastinator>();
  bool over = false;
  auto impatient = [&]() -> boost::asio::awaitable<void> {
    over = !(co_await ask<int>(theatre.port(), actor, 1, Priority::normal, Duration{0}));
  };
  boost::asio::co_spawn(theatre.io, impatient, boost::asio::detached);
  theatre.run();
  CHECK(over);
  theatre.end(actor);
}

TEST_CASE("a question of high priority overtakes a long mailbox") {
  Theatre theatre;
  std::vector<int> order;
  const auto actor = theatre.system.spawn<caf::lazy_init>([&order](caf::event_based_actor*) -> caf::behavior {
    return {[&order](int n) {
      order.push_back(n);
      return n;
    }};
  });
  auto& unit = Coordinator::of(theatre.system).unit(0);
  Question<int> question(theatre.port());
  unit.enter([&] {
    for (int i = 1; i <= 20; ++i) caf::anon_send(actor, i);
    question.send(actor, 100, Priority::high);
  });
  REQUIRE(order.size() == 21);
  CHECK(order.front() == 100);
  theatre.end(actor);
}
