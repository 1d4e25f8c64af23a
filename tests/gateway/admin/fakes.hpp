#pragma once
// A request without a socket, actors without a system, and records to count.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "actors/company.hpp"
#include "gateway/admin/admin.hpp"
#include "gateway/http/message.hpp"
#include "tests/support/manual_clock.hpp"

namespace troupe::admin {

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Keeps what is streamed; the client leaves after `patience` pieces.
class FakeExchange final : public http::Exchange, public http::BodyWriter {
 public:
  explicit FakeExchange(http::Request request) : request_(std::move(request)) {}
  const http::Request& request() const override { return request_; }
  boost::asio::awaitable<http::BodyWriter*> start(http::Response head) override {
    started = std::move(head);
    co_return this;
  }
  boost::asio::awaitable<bool> write(std::string_view piece) override {
    pieces.emplace_back(piece);
    co_return pieces.size() < patience;
  }
  void abort() override {}

  std::size_t patience = 1;
  http::Response started;
  std::vector<std::string> pieces;

 private:
  http::Request request_;
};

class FakeCompany final : public actors::Company {
 public:
  actors::Desk& desk(std::size_t) override { throw std::logic_error("no desk here"); }
  void apply(std::shared_ptr<const config::Config>) override {}
  boost::asio::awaitable<std::vector<actors::ActorInfo>> inspect() override {
    ++inspections;
    co_return actors;
  }
  boost::asio::awaitable<nlohmann::json> explain(actors::RouteAsk ask) override {
    co_return nlohmann::json{{"model", ask.facts->model}, {"input", ask.facts->input.count}};
  }
  void hear(const std::string&, const policy::Hearsay&) override {}
  bool crash_key(const std::string&) override { return false; }
  void hear_cache(const std::string&, const cache::Message&) override {}
  void hear_users(const std::string&, const users::Message&) override {}
  void members(const std::vector<std::string>&) override {}
  void tick() override {}
  void hand_over_users() override {}
  void flush_cache(const std::optional<std::string>&) override {}

  std::vector<actors::ActorInfo> actors;
  int inspections = 0;
};

inline actors::ActorInfo key_actor(const std::string& id, const std::string& state, std::int64_t used) {
  actors::ActorInfo actor;
  actor.id = 7;
  actor.type = "key";
  actor.name = id;
  actor.state = "running";
  actor.mailbox = 2;
  actor.restarts = 1;
  actor.detail = {{"state", state},
                  {"in_flight", 3},
                  {"windows",
                   {{{"name", "rpm"},
                     {"limit", 100},
                     {"used", used},
                     {"used_here", 9},
                     {"share", 40},
                     {"resets_s", 12.5},
                     {"shared", true},
                     {"age_s", 0.25}}}},
                  {"last_fault", "provider_overloaded"}};
  return actor;
}

inline http::Request get(std::string path, std::string query = {}) {
  http::Request request;
  request.method = "GET";
  request.path = std::move(path);
  request.query = std::move(query);
  request.peer = "127.0.0.1:50000";
  request.headers = {{"host", "127.0.0.1:9901"}};
  return request;
}

inline http::Request post(std::string path, std::string body = {}) {
  auto request = get(std::move(path));
  request.method = "POST";
  request.body = std::move(body);
  return request;
}

inline RequestRecord served(std::string id, std::string model = "smart") {
  RequestRecord record;
  record.id = std::move(id);
  record.tenant = "search-team";
  record.model = std::move(model);
  record.method = "POST";
  record.path = "/v1/chat/completions";
  record.peer = "127.0.0.1:40000";
  record.started = WallTime(testing::ManualClock::kWallStart);
  record.status = 200;
  record.stream = true;
  record.route = "primary";
  record.provider = "openai";
  record.key = "primary";
  record.upstream_model = "gpt-4o";
  record.usage.input = {100};
  record.usage.output = {11};
  record.cost = Money{1'234'567};
  record.first_token = std::chrono::milliseconds(30);
  record.total = std::chrono::milliseconds(130);
  record.overhead = std::chrono::microseconds(80);
  AttemptRecord attempt;
  attempt.provider = "openai";
  attempt.key = "primary";
  attempt.model = "gpt-4o";
  attempt.status = 200;
  attempt.took = std::chrono::milliseconds(129);
  record.attempts = {attempt};
  return record;
}

inline RequestRecord failed(std::string id, Fault fault) {
  auto record = served(std::move(id));
  record.status = traits(fault).status;
  record.fault = fault;
  record.provider = record.key = record.upstream_model = record.route = "";
  record.usage = {};
  record.cost.reset();
  record.first_token.reset();
  record.attempts.clear();
  return record;
}

inline std::shared_ptr<config::Config> small_config() {
  auto made = std::make_shared<config::Config>();
  config::Provider provider;
  provider.name = "openai";
  provider.base_url = "https://user:hunter2@api.example/v1";
  config::Key key;
  key.name = "primary";
  key.secret = config::Secret("sk-very-secret");
  provider.keys.push_back(key);
  made->providers.push_back(provider);
  config::Model model;
  model.name = "smart";
  config::Target target;
  target.provider = "openai";
  target.model = "gpt-4o";
  model.targets.push_back(target);
  model.fallbacks = {"cheap"};
  made->models.push_back(model);
  config::Tenant tenant;
  tenant.name = "search-team";
  tenant.keys = {{"search-prod", "sha256:00112233"}};
  tenant.limits.rpm = 600;
  made->tenants.push_back(tenant);
  return made;
}

/// A whole admin port over fakes.
struct Port {
  testing::ManualClock clock;
  FakeCompany company;
  Telemetry telemetry;
  std::shared_ptr<config::Config> config = small_config();
  AdminContext context;

  Port() : telemetry({"node-1", 1, 100, false, &clock}) {
    telemetry.know(*config);
    company.actors = {key_actor("openai/primary", "closed", 25)};
    context.company = &company;
    context.telemetry = &telemetry;
    context.clock = &clock;
    context.tick = Duration::zero();
    context.config = [this] { return config; };
  }

  /// Answers one exchange completely.
  http::Response serve(FakeExchange& exchange) const {
    boost::asio::io_context io;
    http::Response out;
    const auto handler = make_admin_handler(context);
    const auto run = [](const http::Handler& handle, FakeExchange& with,
                        http::Response& into) -> boost::asio::awaitable<void> {
      into = co_await handle(with);
    };
    boost::asio::co_spawn(io, run(handler, exchange, out), boost::asio::detached);
    io.run();
    return out;
  }
  http::Response serve(http::Request request) const {
    FakeExchange exchange(std::move(request));
    return serve(exchange);
  }
  nlohmann::json json(http::Request request) const {
    return nlohmann::json::parse(serve(std::move(request)).body);
  }
};

}  // namespace troupe::admin
