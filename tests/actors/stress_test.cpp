// The company on two real threads: what is granted is settled, whatever crashes, reloads and looks in
// between.
#include <array>
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "tests/actors/house.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::actors::testing;

namespace {

/// Two contexts, each run by its own thread, and a company on them.
class Street {
 public:
  explicit Street(std::shared_ptr<const config::Config> config) {
    CompanyOptions options;
    options.config = std::move(config);
    for (auto& io : contexts) options.threads.push_back(&io);
    options.clock = &clock;
    for (std::size_t i = 0; i < contexts.size(); ++i)
      threads[i] = std::thread([this, i] { contexts[i].run(); });
    company = Company::start(std::move(options));
  }
  ~Street() {
    company.reset();
    for (auto& io : contexts) io.stop();
    for (auto& thread : threads) thread.join();
  }

  troupe::testing::ManualClock clock;
  std::array<boost::asio::io_context, 2> contexts{boost::asio::io_context{1}, boost::asio::io_context{1}};
  std::array<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>, 2> guards{
      boost::asio::make_work_guard(contexts[0]), boost::asio::make_work_guard(contexts[1])};
  std::array<std::thread, 2> threads;
  std::unique_ptr<Company> company;
};

struct Tally {
  std::atomic<std::uint64_t> granted{0}, refused{0};
};

boost::asio::awaitable<void> session(Desk& desk, int rounds, Tally& tally) {
  for (int i = 0; i < rounds; ++i) {
    auto ask = asking("m");
    const auto answer = co_await desk.route(std::move(ask));
    if (const auto* granted = std::get_if<Granted>(&answer)) {
      ++tally.granted;
      Settlement settlement;
      settlement.called = i % 3 != 0;
      desk.settle(*granted, settlement);
    } else {
      ++tally.refused;
    }
    if (i % 16 == 0) {
      co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
    }
  }
}

std::shared_ptr<config::Config> busy_street() {
  return house_config({provider("p", {key("a", concurrency(4)), key("b", concurrency(4))})},
                      {model("m", {"p/x"})});
}

nlohmann::json permits(Street& street) {
  auto all =
      boost::asio::co_spawn(street.contexts[0], street.company->inspect(), boost::asio::use_future).get();
  nlohmann::json sum{{"granted", 0}, {"settled", 0}, {"in_flight", 0}};
  for (const auto& actor : all) {
    if (actor.type != "key" || actor.detail.is_null()) continue;  // null: being restarted just now
    for (const char* field : {"granted", "settled"}) {
      sum[field] = sum[field].get<std::uint64_t>() + actor.detail["permits"][field].get<std::uint64_t>();
    }
    sum["in_flight"] = sum["in_flight"].get<std::uint64_t>() + actor.detail["in_flight"].get<std::uint64_t>();
  }
  return sum;
}

/// Starts `sessions` on both threads; the futures end with them.
std::vector<std::future<void>> open(Street& street, int sessions, int rounds, Tally& tally) {
  std::vector<std::future<void>> open;
  for (int i = 0; i < sessions; ++i) {
    const auto thread = static_cast<std::size_t>(i) % 2;
    open.push_back(boost::asio::co_spawn(street.contexts[thread],
                                         session(street.company->desk(thread), rounds, tally),
                                         boost::asio::use_future));
  }
  return open;
}

}  // namespace

TEST_CASE("two threads over the same keys conserve every permit") {
  Street street(busy_street());
  Tally tally;
  for (auto& session : open(street, 16, 500, tally)) session.get();
  const auto sum = permits(street);
  CHECK(tally.granted + tally.refused == 16 * 500);
  CHECK(sum["granted"] == tally.granted.load());
  CHECK(sum["settled"] == tally.granted.load());
  CHECK(sum["in_flight"] == 0);
}

TEST_CASE("crashes, reloads and inspection under load lose no permit") {
  Street street(busy_street());
  Tally tally;
  auto sessions = open(street, 16, 500, tally);
  for (int i = 0; i < 30; ++i) {
    street.company->crash_key(i % 2 ? "p/a" : "p/b");
    if (i % 5 == 0) street.company->apply(busy_street());
    permits(street);
  }
  for (auto& session : sessions) session.get();
  // A permit whose grant was lost with the crashing actor's answer does not exist: granting is the last thing
  // a key does with a request.
  for (int i = 0; i < 100 && permits(street)["in_flight"] != 0; ++i) {
  }
  const auto sum = permits(street);
  CHECK(tally.granted > 0);
  CHECK(sum["granted"] == tally.granted.load());
  CHECK(sum["settled"] == tally.granted.load());
  CHECK(sum["in_flight"] == 0);
}

TEST_CASE("a company ends cleanly on running threads, again and again, also with requests under way") {
  for (int i = 0; i < 40; ++i) {
    Street street(busy_street());
    Tally tally;
    for (auto& session : open(street, 4, 50, tally)) session.get();
    CHECK(tally.granted > 0);
  }
}
