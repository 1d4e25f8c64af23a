#include "actors/tenant_actor.hpp"

#include <caf/send.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "actors/ask.hpp"
#include "actors/cells.hpp"
#include "actors/thread_desk.hpp"
#include "tests/actors/house.hpp"
#include "tests/support/catch.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::actors::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto kMinuteAndGuard = 60s + 280ms;  // policy::RateWindow::default_guard

config::Tenant tenant(std::string name, config::Limits limits) {
  config::Tenant made;
  made.name = std::move(name);
  made.limits = limits;
  return made;
}

std::shared_ptr<config::Config> with_tenant(config::Limits limits) {
  auto config = house_config({provider("p", {key("a")})}, {model("m", {"p/x"})});
  config->tenants.push_back(tenant("acme", limits));
  config->tenants.push_back(tenant("free", {}));
  return config;
}

config::Limits tpm(std::int64_t n) {
  config::Limits limits;
  limits.tpm = n;
  return limits;
}

/// Two I/O threads, both driven by the test's.
struct Street {
  troupe::testing::ManualClock clock;
  boost::asio::io_context first{1}, second{1};
  std::unique_ptr<Company> company;

  explicit Street(std::shared_ptr<const config::Config> config) {
    CompanyOptions options;
    options.config = std::move(config);
    options.threads = {&first, &second};
    options.clock = &clock;
    options.caller_runs_threads = true;
    company = Company::start(std::move(options));
    run();
  }

  void run() {
    do {
      first.restart();
      second.restart();
    } while (first.poll() + second.poll() > 0);
  }

  Admission admit(std::size_t thread) {
    std::optional<Admission> result;
    boost::asio::co_spawn(thread == 0 ? first : second, company->desk(thread).admit("acme", "", {10}, {10}),
                          [&](std::exception_ptr, Admission admission) { result = std::move(admission); });
    run();
    if (!result) throw std::runtime_error("the coroutine still waits");
    return std::move(*result);
  }
};

Admission admit(House& house, std::int64_t input = 10, std::int64_t output = 10,
                const std::string& who = "acme", const std::string& user = "") {
  return house.get(house.desk().admit(who, user, {input}, {output}));
}

void settle(House& house, const Admission& admission, std::int64_t input, std::int64_t output,
            bool called = true, Duration took = 1s) {
  Usage usage;
  usage.input = {input};
  usage.output = {output};
  house.desk().settle_tenant("acme", admission.permit, usage, called, took);
  house.run();
}

std::int64_t used(House& house, std::size_t window) {
  return house.inspect("tenant", "acme").detail["windows"][window]["used"];
}

}  // namespace

TEST_CASE("a tenant's requests per minute hold over all threads") {
  Street street(with_tenant(rpm(3)));
  CHECK(street.admit(0).permit != 0);
  CHECK(street.admit(1).permit != 0);
  const auto last = street.admit(0);
  CHECK(last.permit != 0);
  CHECK(last.requests.limit == 3);
  CHECK(last.requests.remaining == 0);
  for (std::size_t thread : {0U, 1U}) {
    const auto refused = street.admit(thread);
    CHECK(refused.permit == 0);
    REQUIRE(refused.refused);
    CHECK(refused.refused->fault == Fault::policy_rate_limited);
  }
}

TEST_CASE("a refused tenant is told which limit, and the instant at which it is admitted again") {
  House house(with_tenant(rpm(1)));
  const auto began = house.clock.now();
  const auto first = admit(house);
  house.clock.advance(2s);
  settle(house, first, 10, 10, true, 2s);  // counts from when it was admitted
  house.clock.advance(3s);
  const auto refused = admit(house);
  REQUIRE(refused.refused);
  CHECK(refused.refused->why == "The tenant 'acme' has reached its limit of 1 requests per minute (rpm).");
  CHECK_FALSE(refused.refused->wait_in_line);
  CHECK(refused.refused->retry_at == began + kMinuteAndGuard);
  CHECK(refused.requests.reset == kMinuteAndGuard - 5s);
  house.clock.advance(refused.refused->retry_at - house.clock.now() - 1ms);
  CHECK(admit(house).refused);
  house.clock.advance(1ms);
  CHECK(admit(house).permit != 0);
}

TEST_CASE("settling a tenant's request gives back the tokens that it did not use") {
  House house(with_tenant(tpm(1000)));
  const auto big = admit(house, 100, 900);
  CHECK(big.tokens.remaining == 0);
  CHECK(big.requests.limit == 0);
  CHECK(admit(house).refused);
  settle(house, big, 100, 50);
  const auto next = admit(house);
  CHECK(next.permit != 0);
  CHECK(next.tokens.remaining == 1000 - 150 - 20);
  settle(house, next, 0, 0);  // asked, but nobody answered
  CHECK(used(house, 1) == 150);
  CHECK(used(house, 0) == 2);
  settle(house, admit(house), 0, 0, false);  // nobody was asked
  CHECK(used(house, 0) == 2);
}

TEST_CASE("a permit that is settled twice counts once") {
  House house(with_tenant(tpm(1000)));
  const auto once = admit(house);
  settle(house, once, 5, 5);
  settle(house, once, 5, 5);
  CHECK(used(house, 1) == 10);
}

TEST_CASE("a high cap on the output does not make a request too large for its tenant, its input does") {
  House house(with_tenant(tpm(100)));
  settle(house, admit(house, 10, 4096), 10, 10);
  const auto refused = admit(house, 101, 1);
  REQUIRE(refused.refused);
  CHECK(refused.refused->retry_at == kNever);
  CHECK(refused.refused->why ==
        "The tenant 'acme' asks in one request for more than its limit of 100 tokens per minute (tpm).");
}

TEST_CASE("a tenant's concurrency is free again when a request ends") {
  House house(with_tenant(concurrency(1)));
  const auto only = admit(house);
  CHECK(admit(house).refused);
  settle(house, only, 1, 1);
  CHECK(admit(house).permit != 0);
}

TEST_CASE("a tenant without limits is admitted without an actor") {
  House house(with_tenant(rpm(1)));
  for (int i = 0; i < 3; ++i) {
    const auto free = admit(house, 10, 10, "free");
    CHECK(free.permit == 0);
    CHECK_FALSE(free.refused);
    CHECK(free.requests.limit == 0);
  }
  CHECK_THROWS(house.inspect("tenant", "free"));
  CHECK(house.inspect("tenant", "acme").parent == "company");
}

TEST_CASE("a reload changes a tenant's limits and keeps what it used") {
  House house(with_tenant(rpm(2)));
  for (int i = 0; i < 2; ++i) settle(house, admit(house), 10, 10);
  house.company->apply(with_tenant(rpm(3)));
  house.run();
  const auto third = admit(house);
  CHECK(third.permit != 0);
  CHECK(third.requests.limit == 3);
  CHECK(third.requests.remaining == 0);
  house.company->apply(with_tenant({}));
  house.run();
  CHECK(admit(house).permit == 0);
  CHECK_FALSE(admit(house).refused);
  settle(house, third, 10, 10);  // while the tenant has no limits and no actor
  house.company->apply(with_tenant(rpm(4)));
  house.run();
  CHECK(used(house, 0) == 3);
  CHECK(admit(house).permit != 0);
  CHECK(admit(house).refused);
}

TEST_CASE("an admission that nobody takes comes back unused") {
  House house(with_tenant(concurrency(1)));
  auto& desk = dynamic_cast<ThreadDesk&>(house.desk());
  {
    Question<Admitted> abandoned(desk.port());
    abandoned.send(*desk.seat_of("acme")->cell->door.handle(), Admit{{10}, {10}});
    REQUIRE(abandoned.settled());
  }
  house.run();
  const auto detail = house.inspect("tenant", "acme").detail;
  CHECK(detail["in_flight"] == 0);
  CHECK(detail["permits"]["settled"] == 1);
  CHECK(admit(house).permit != 0);
}

TEST_CASE("a tenant's actor that crashes is replaced and remembers what was used") {
  House house(with_tenant(rpm(2)));
  auto& desk = dynamic_cast<ThreadDesk&>(house.desk());
  const auto first = admit(house);
  caf::anon_send(*desk.seat_of("acme")->cell->door.handle(), Crash{});
  settle(house, first, 10, 10);
  CHECK(house.inspect("tenant", "acme").restarts == 1);
  CHECK(house.inspect("tenant", "acme").detail["permits"]["settled"] == 1);
  CHECK(admit(house).permit != 0);
  CHECK(admit(house).refused);
}

TEST_CASE("each user of a tenant has limits of his own, beside the tenant's") {
  auto config = with_tenant(rpm(3));
  config->tenants.front().per_user = rpm(2);
  House house(config);
  const auto as = [&](const std::string& user) { return admit(house, 10, 10, "acme", user); };
  CHECK(as("ann").permit != 0);
  CHECK(as("ann").permit != 0);
  const auto refused = as("ann");
  REQUIRE(refused.refused);
  CHECK(refused.permit == 0);
  CHECK(refused.refused->fault == Fault::policy_rate_limited);
  CHECK(refused.refused->why ==
        "This user of the tenant 'acme' has reached the limit of 2 requests per minute that each user has "
        "(rpm).");
  CHECK(as("bob").permit != 0);  // the refused one counted for nobody
  const auto tenant = as("bob");
  REQUIRE(tenant.refused);
  CHECK(tenant.refused->why == "The tenant 'acme' has reached its limit of 3 requests per minute (rpm).");
  CHECK(house.inspect("tenant", "acme").detail["users"] == 2);
}

TEST_CASE("a user's request comes back to him as it does to his tenant") {
  config::Limits one_at_a_time;
  one_at_a_time.concurrency = 1;
  auto config = with_tenant({});
  config->tenants.front().per_user = one_at_a_time;
  House house(config);
  const auto as = [&](const std::string& user) { return admit(house, 10, 10, "acme", user); };
  const auto first = as("ann");
  REQUIRE(first.permit != 0);
  CHECK(as("ann").refused);
  CHECK(as("").permit != 0);  // who is not named has no limits
  settle(house, first, 10, 10);
  CHECK(as("ann").permit != 0);
}

TEST_CASE("what is left of a user's minute is told where his tenant has no limit") {
  auto config = with_tenant({});
  config->tenants.front().per_user = rpm(5);
  House house(config);
  const auto admitted = admit(house, 10, 10, "acme", "ann");
  CHECK(admitted.requests.limit == 5);
  CHECK(admitted.requests.remaining == 4);
  auto changed = std::make_shared<config::Config>(*config);
  changed->tenants.front().per_user = rpm(1);
  house.company->apply(changed);
  house.run();
  CHECK(admit(house, 10, 10, "acme", "ann").refused);
}
