// What a routing decision costs: session -> router -> key -> session, closed loop, one session. CPU is
// getrusage of the whole process, so that threads that only wake each other count. The last table sets a node
// on its own beside one that shares the same limits, turn by turn. `decision_bench [rounds]`.
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/ask.hpp"
#include "actors/company.hpp"
#include "actors/policy/shares.hpp"
#include "actors/scheduler.hpp"
#include "core/time.hpp"

using namespace troupe;
using namespace troupe::actors;

namespace {

struct Cost {
  double cpu_us = 0, switches = 0;
  std::vector<std::int64_t> ns;
};

double cpu_us(const rusage& use) {
  const auto micros = [](const timeval& t) { return static_cast<double>(t.tv_sec) * 1e6 + t.tv_usec; };
  return micros(use.ru_utime) + micros(use.ru_stime);
}

double switches(const rusage& use) {
  return static_cast<double>(use.ru_nvcsw);
}

/// Runs the whole loop between two readings; `loop` fills the latencies.
Cost measure(std::size_t rounds, const std::function<void(std::vector<std::int64_t>&)>& loop) {
  Cost cost;
  cost.ns.reserve(rounds);
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  loop(cost.ns);
  getrusage(RUSAGE_SELF, &after);
  cost.cpu_us = (cpu_us(after) - cpu_us(before)) / static_cast<double>(rounds);
  cost.switches = (switches(after) - switches(before)) / static_cast<double>(rounds);
  std::sort(cost.ns.begin(), cost.ns.end());
  return cost;
}

void print(const char* what, const Cost& cost) {
  const auto at = [&](double q) {
    return static_cast<double>(cost.ns[static_cast<std::size_t>(q * (cost.ns.size() - 1))]) / 1e3;
  };
  std::printf("%-52s %8.2f %8.2f %8.2f %8.2f\n", what, cost.cpu_us, at(0.5), at(0.99), cost.switches);
}

std::int64_t now_ns() {
  return real_clock().now().time_since_epoch().count();
}

// ---- The product's own path -----------------------------------------------------------------------------

std::shared_ptr<const config::Config> four_keys() {
  auto config = std::make_shared<config::Config>();
  config::Provider provider;
  provider.name = "p";
  for (const char* name : {"a", "b", "c", "d"}) {
    config::Key key;
    key.name = name;
    key.limits.rpm = 1'000'000'000;
    key.limits.tpm = 1'000'000'000'000;
    provider.keys.push_back(key);
  }
  config->providers.push_back(provider);
  config::Model model;
  model.name = "m";
  config::Target target;
  target.provider = "p";
  target.model = "x";
  model.targets.push_back(target);
  config->models.push_back(model);
  return config;
}

boost::asio::awaitable<void> session(Desk& desk, std::size_t rounds, bool settle,
                                     std::vector<std::int64_t>& ns) {
  auto facts = std::make_shared<RequestFacts>();
  facts->model = "m";
  facts->input = {100};
  facts->output = {100};
  for (std::size_t i = 0; i < rounds; ++i) {
    const auto began = now_ns();
    RouteAsk ask;
    ask.facts = facts;
    auto answer = co_await desk.route(std::move(ask));
    ns.push_back(now_ns() - began);
    const auto* granted = std::get_if<Granted>(&answer);
    if (!granted) {
      std::fprintf(stderr, "refused: %s\n", std::get<Refused>(answer).why.c_str());
      std::exit(1);
    }
    if (!settle) continue;
    Settlement settlement;
    settlement.usage.input = {100};
    settlement.usage.output = {50};
    settlement.total = std::chrono::milliseconds(5);
    desk.settle(*granted, settlement);
  }
}

/// Permits for both limits, more than will be asked for: as on a node that has its share of every key.
policy::Shares plenty(const std::shared_ptr<policy::Lease>& lease) {
  policy::Shares out;
  out.guard = std::chrono::milliseconds(500);
  out.hurry = [] {};
  const std::array kinds{policy::LimitKind::window, policy::LimitKind::counted_at_end};
  for (std::size_t i = 0; i < kinds.size(); ++i) {  // rpm, tpm
    out.permits[i] = std::make_shared<policy::Permits>(kinds[i], lease);
    out.permits[i]->grant(1'000'000'000'000);
  }
  return out;
}

/// A node of four keys with one session that asks and asks.
class Office {
 public:
  explicit Office(bool shared) {
    CompanyOptions options;
    options.config = four_keys();
    options.threads = {&io_};
    options.clock = &real_clock();
    if (shared) options.shares = [this](const std::string&) { return plenty(lease_); };
    lease_->prolong(kNever);
    troupe_ = Company::start(options);
    io_.poll();
    run(1000, true);
  }
  std::vector<std::int64_t> run(std::size_t rounds, bool settle) {
    std::vector<std::int64_t> ns;
    ns.reserve(rounds);
    io_.restart();
    boost::asio::co_spawn(io_, session(troupe_->desk(0), rounds, settle, ns), boost::asio::detached);
    io_.run();
    return ns;
  }

 private:
  boost::asio::io_context io_{1};
  std::shared_ptr<policy::Lease> lease_ = std::make_shared<policy::Lease>();
  std::unique_ptr<Company> troupe_;
};

Cost company(std::size_t rounds, bool settle) {
  Office office(false);
  return measure(rounds, [&](auto& ns) { ns = office.run(rounds, settle); });
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.at(values.size() / 2);
}

/// Turn by turn, each first half of the time, so that both see the same machine.
void beside_each_other(std::size_t rounds) {
  constexpr std::size_t kTurns = 40;
  Office alone(false), sharing(true);
  const auto part = std::max<std::size_t>(rounds / kTurns, 10);
  const auto once = [&](Office& office) {
    return measure(part, [&](auto& ns) { ns = office.run(part, true); });
  };
  std::vector<double> off, on, ratios, p50_off, p50_on;
  for (std::size_t turn = 0; turn < kTurns; ++turn) {
    const bool first = turn % 2 == 0;
    const auto one = once(first ? alone : sharing), other = once(first ? sharing : alone);
    const auto &without = first ? one : other, &with = first ? other : one;
    off.push_back(without.cpu_us), on.push_back(with.cpu_us);
    p50_off.push_back(static_cast<double>(without.ns.at(part / 2)) / 1e3);
    p50_on.push_back(static_cast<double>(with.ns.at(part / 2)) / 1e3);
    ratios.push_back(with.cpu_us / without.cpu_us);
  }
  std::printf("\n%-52s %8s %8s   medians of %zu turns of %zu\n", "limits shared with other nodes", "CPU us",
              "p50 us", kTurns, part);
  std::printf("%-52s %8.3f %8.3f\n", "no", median(off), median(p50_off));
  std::printf("%-52s %8.3f %8.3f   CPU ratio, median of pairs %.3f\n", "yes", median(on), median(p50_on),
              median(ratios));
}

// ---- The same hops with nothing to decide, on our scheduler and on CAF's own -----------------------------

caf::behavior key_actor(caf::event_based_actor*) {
  return {[](int n) { return n + 1; }};
}

caf::behavior router_actor(caf::event_based_actor* self, const caf::actor& key) {
  return {[=](int n) { return self->delegate(key, n); }};
}

boost::asio::awaitable<void> bare_session(Port& port, caf::actor router, std::size_t rounds,
                                          std::vector<std::int64_t>& ns) {
  for (std::size_t i = 0; i < rounds; ++i) {
    const auto began = now_ns();
    Question<int> question(port);
    question.send(router, 1);
    if (!question.settled()) co_await question.wait();
    if (!question.take()) std::exit(1);
    ns.push_back(now_ns() - began);
  }
}

Cost bare(std::size_t rounds) {
  boost::asio::io_context io(1);
  SystemConfig config({&io});
  caf::actor_system system(config);
  const auto key = system.spawn(key_actor);
  const auto router = system.spawn(router_actor, key);
  const auto address = Port::open(system, Coordinator::of(system).unit(0));
  io.poll();
  auto cost = measure(rounds, [&](auto& ns) {
    io.restart();
    boost::asio::co_spawn(io, bare_session(Port::of(address), router, rounds, ns), boost::asio::detached);
    io.run();
  });
  caf::anon_send_exit(router, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(key, caf::exit_reason::user_shutdown);
  io.restart();
  io.poll();
  return cost;
}

Cost stock(std::size_t rounds, const char* policy, std::size_t workers) {
  caf::actor_system_config config;
  config.set("scheduler.policy",
             policy == std::string("sharing") ? caf::atom("sharing") : caf::atom("stealing"));
  config.set("scheduler.max-threads", workers);
  caf::actor_system system(config);
  const auto key = system.spawn(key_actor);
  const auto router = system.spawn(router_actor, key);
  caf::scoped_actor self(system);
  auto cost = measure(rounds, [&](auto& ns) {
    for (std::size_t i = 0; i < rounds; ++i) {
      const auto began = now_ns();
      self->request(router, caf::infinite, 1).receive([](int) {}, [](caf::error&) { std::exit(1); });
      ns.push_back(now_ns() - began);
    }
  });
  caf::anon_send_exit(router, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(key, caf::exit_reason::user_shutdown);
  return cost;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t rounds = argc > 1 ? std::max(std::strtoul(argv[1], nullptr, 10), 1UL) : 400'000;
  const std::size_t few = std::max<std::size_t>(rounds / 20, 10);
  std::printf("%-52s %8s %8s %8s %8s\n", "a routing decision", "CPU us", "p50 us", "p99 us", "ctx sw");
  print("session -> router -> key, settled", company(rounds, true));
  print("session -> router -> key", company(rounds, false));
  print("the same hops, nothing to decide", bare(rounds));
  print("CAF sharing, 1 worker, nothing to decide", stock(few, "sharing", 1));
  print("CAF stealing, 2 workers, nothing to decide", stock(few, "stealing", 2));
  beside_each_other(rounds);
}
