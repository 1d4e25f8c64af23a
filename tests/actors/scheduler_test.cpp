#include "actors/scheduler.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <set>
#include <thread>
#include <vector>

#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;

namespace {

caf::behavior counter(caf::event_based_actor*, int* count) {
  return {[count](int) { ++*count; }};
}

/// Sends itself another message for each, until `left` is nothing.
caf::behavior chatterbox(caf::event_based_actor* self, int* left) {
  return {[self, left](int n) {
    if (--*left > 0) self->send(self, n);
  }};
}

}  // namespace

TEST_CASE("messages from a thread without a unit are handled on an I/O thread, in order of arrival") {
  boost::asio::io_context io;
  SystemConfig config({&io});
  caf::actor_system system(config);
  int count = 0;
  const auto actor = system.spawn(counter, &count);
  for (int i = 0; i < 1000; ++i) caf::anon_send(actor, i);
  CHECK(count == 0);
  io.poll();
  CHECK(count == 1000);
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  Coordinator::of(system).fence();
}

TEST_CASE("actors with endless work leave the sockets their turn") {
  boost::asio::io_context io;
  SystemConfig config({&io});
  caf::actor_system system(config);
  int left = 100'000;
  const auto actor = system.spawn(chatterbox, &left);
  caf::anon_send(actor, 1);
  int seen = 0;
  boost::asio::post(io, [&] { boost::asio::post(io, [&] { boost::asio::post(io, [&] { seen = left; }); }); });
  io.poll();
  CHECK(seen > 0);
  CHECK(left == 0);
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  Coordinator::of(system).fence();
}

TEST_CASE("the fence returns when every unit is dry, with nobody else running the contexts") {
  boost::asio::io_context first, second;
  first.poll();  // out of work, so stopped: nobody runs them
  second.poll();
  SystemConfig config({&first, &second});
  caf::actor_system system(config);
  int left = 10'000;
  const auto actor = system.spawn(chatterbox, &left);
  caf::anon_send(actor, 1);
  CHECK(Coordinator::of(system).fence());
  CHECK(left == 0);
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  Coordinator::of(system).fence();
}

TEST_CASE("a system ends cleanly while other threads run the contexts") {
  for (int round = 0; round < 50; ++round) {
    boost::asio::io_context first(1), second(1);
    auto guards = std::make_pair(boost::asio::make_work_guard(first), boost::asio::make_work_guard(second));
    std::thread one([&] { first.run(); }), two([&] { second.run(); });
    int left = 100;
    {
      SystemConfig config({&first, &second});
      caf::actor_system system(config);
      const auto actor = system.spawn(chatterbox, &left);
      caf::anon_send(actor, 1);
      caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    }
    first.stop();
    second.stop();
    one.join();
    two.join();
    CHECK(left < 100);
  }
}
