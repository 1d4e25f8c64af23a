#pragma once
// A company on stage for tests: configuration in a few words, one I/O context driven by the test's thread,
// and a clock that stands still.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "actors/company.hpp"
#include "tests/support/manual_clock.hpp"

namespace troupe::actors::testing {

inline config::Key key(std::string name, config::Limits limits = {}) {
  config::Key made;
  made.name = std::move(name);
  made.limits = limits;
  return made;
}

inline config::Limits rpm(std::int64_t n) {
  config::Limits limits;
  limits.rpm = n;
  return limits;
}

inline config::Limits concurrency(std::int64_t n) {
  config::Limits limits;
  limits.concurrency = n;
  return limits;
}

inline config::Provider provider(std::string name, std::vector<config::Key> keys) {
  config::Provider made;
  made.name = std::move(name);
  made.keys = std::move(keys);
  return made;
}

/// `use` is "provider/model".
inline config::Model model(std::string name, std::vector<std::string> use,
                           std::vector<std::string> fallbacks = {}) {
  config::Model made;
  made.name = std::move(name);
  made.adaptive_weights = false;
  made.fallbacks = std::move(fallbacks);
  for (const auto& text : use) {
    config::Target target;
    target.provider = text.substr(0, text.find('/'));
    target.model = text.substr(text.find('/') + 1);
    made.targets.push_back(target);
  }
  return made;
}

inline std::shared_ptr<config::Config> house_config(std::vector<config::Provider> providers,
                                                    std::vector<config::Model> models) {
  auto config = std::make_shared<config::Config>();
  config->providers = std::move(providers);
  config->models = std::move(models);
  return config;
}

inline RouteAsk asking(const std::string& name) {
  auto facts = std::make_shared<RequestFacts>();
  facts->model = name;
  facts->input = {10};
  facts->output = {10};
  RouteAsk ask;
  ask.facts = std::move(facts);
  return ask;
}

struct House {
  troupe::testing::ManualClock clock;
  boost::asio::io_context io{1};
  std::unique_ptr<Company> company;

  explicit House(std::shared_ptr<const config::Config> config,
                 std::shared_ptr<const config::PriceCatalogue> prices = nullptr,
                 std::function<bool(const std::string&)> is_prober = {},
                 std::function<void(const std::string&, const policy::Evidence&)> learnt = {},
                 std::function<policy::Shares(const std::string&)> shares = {}) {
    CompanyOptions options;
    options.is_prober = std::move(is_prober);
    options.learnt = std::move(learnt);
    options.shares = std::move(shares);
    options.prices = std::move(prices);
    options.config = std::move(config);
    options.threads = {&io};
    options.clock = &clock;
    options.caller_runs_threads = true;
    company = Company::start(std::move(options));
    run();
  }

  Desk& desk() { return company->desk(0); }

  /// Everything that is ready, and what becomes ready of it.
  void run() {
    io.restart();
    io.poll();
  }

  /// Runs a coroutine that completes without waiting for time; fails the test otherwise.
  template <class T>
  T get(boost::asio::awaitable<T> work) {
    std::optional<T> result;
    auto done = [&](std::exception_ptr thrown, T value) {
      if (thrown) std::rethrow_exception(thrown);
      result.emplace(std::move(value));
    };
    boost::asio::co_spawn(io, std::move(work), done);
    run();
    if (!result) throw std::runtime_error("the coroutine still waits");
    return std::move(*result);
  }

  RouteAnswer route(RouteAsk ask) { return get(desk().route(std::move(ask))); }
  RouteAnswer route(const std::string& name) { return route(asking(name)); }

  Granted granted(RouteAsk ask) {
    auto answer = route(std::move(ask));
    if (auto* refused = std::get_if<Refused>(&answer)) throw std::runtime_error("refused: " + refused->why);
    return std::get<Granted>(std::move(answer));
  }
  Granted granted(const std::string& name) { return granted(asking(name)); }

  Refused refused(RouteAsk ask) {
    auto answer = route(std::move(ask));
    if (std::holds_alternative<Granted>(answer)) throw std::runtime_error("granted");
    return std::get<Refused>(std::move(answer));
  }
  Refused refused(const std::string& name) { return refused(asking(name)); }

  void settle(const Granted& granted, std::optional<Fault> fault = std::nullopt) {
    Settlement settlement;
    settlement.fault = fault;
    settlement.usage.input = {10};
    settlement.usage.output = {10};
    settlement.first_token = std::chrono::milliseconds(100);
    settlement.total = std::chrono::milliseconds(200);
    desk().settle(granted, settlement);
    run();
  }

  void give_back(const Granted& granted) {
    Settlement settlement;
    settlement.called = false;
    desk().settle(granted, settlement);
    run();
  }

  std::vector<ActorInfo> inspect() { return get(company->inspect()); }
  ActorInfo inspect(const std::string& type, const std::string& name) {
    for (auto& info : inspect()) {
      if (info.type == type && info.name == name) return info;
    }
    throw std::runtime_error("no actor " + type + " " + name);
  }
};

}  // namespace troupe::actors::testing
