#include "gateway/api/worker.hpp"

#include <algorithm>
#include <ctime>

#include "actors/policy/retry_budget.hpp"
#include "gateway/api/identities.hpp"
#include "gateway/providers/adapter.hpp"

namespace troupe::api {
namespace {

constexpr auto kTailPatience = std::chrono::seconds(2);
constexpr auto kIdleAge = std::chrono::seconds(55);  // most providers close idle connections at 60 s

http::Origin origin_of(const config::Provider& provider, const http::GetEnv& variable) {
  const auto from = providers::adapter(provider.type).origin(provider);
  http::Origin origin{from.host, from.port, from.tls, provider.ca_file, {}, {}};
  http::choose_proxy(origin, provider.proxy, variable);
  return origin;
}

}  // namespace

const config::Model* Setup::find(std::string_view alias) const {
  const auto at = models.find(alias);
  return at == models.end() ? nullptr : at->second;
}

const config::Tenant* Setup::tenant(std::string_view name) const {
  for (const auto& tenant : config->tenants) {
    if (tenant.name == name) return &tenant;
  }
  return nullptr;
}

bool limits_tokens(const config::Limits& limits) {
  return limits.tpm > 0 || limits.itpm > 0 || limits.otpm > 0 || limits.tpd > 0;
}

std::shared_ptr<const Setup> make_setup(std::shared_ptr<const config::Config> config,
                                        std::shared_ptr<const config::PriceCatalogue> prices,
                                        bool keys_known) {
  auto setup = std::make_shared<Setup>();
  setup->routing = std::make_shared<const config::Routing>(*config);
  setup->funds = std::make_shared<const config::Funds>(*config);
  setup->tenants = std::make_shared<const config::TenantIndex>(*config);
  for (const auto& model : config->models) setup->models.emplace(model.name, &model);
  setup->needs_key = config::needs_key(*config);
  setup->keys_known = keys_known;
  for (const auto& provider : config->providers) {
    const auto limited = [](const config::Key& key) { return limits_tokens(key.limits); };
    if (std::any_of(provider.keys.begin(), provider.keys.end(), limited))
      setup->metered.insert(provider.name);
  }
  setup->config = std::move(config);
  setup->prices = std::move(prices);
  return setup;
}

/// An answer whose last bytes nobody waits for.
struct Worker::Tail final : http::Listener {
  Worker* worker = nullptr;
  http::Pool::Bucket* bucket = nullptr;
  std::shared_ptr<http::Connection> connection;
  std::unique_ptr<http::ResponseParser> parser;
  Time until{};
  bool over = false;

  void ready() override { look(); }
  void look() {
    if (over) return;
    std::size_t used = 0;
    auto state = parser->feed(connection->data(), used);
    connection->consume(used);
    parser->body().clear();
    if (state == http::ParseState::done && parser->reusable()) {
      over = true;
      worker->pool.give(*bucket, std::move(connection));
    } else if (state == http::ParseState::done || state == http::ParseState::failed || connection->ended()) {
      end();
    } else {
      connection->want_read();
    }
  }
  void end() {
    over = true;
    if (connection) connection->close();
  }
};

Worker::Worker(const WorkerOptions& options)
    : io(*options.io),
      clock(*options.clock),
      desk(*options.desk),
      observer(*options.observer),
      random(options.seed),
      ready(options.ready),
      watch(options.watch),
      node(options.node),
      dog(*options.io, *options.clock),
      pool(*options.io, *options.clock),
      keepers(pool, clock, identities(options.environment), options.environment.variable),
      setup(options.setup),
      counting(options.vocabularies, options.seed),
      variable(options.environment.variable) {}

const Worker::Upstream& Worker::upstream(const actors::KeyInfo& key) {
  auto& known = upstreams_[key.provider.get()];
  if (known.bucket == nullptr) {
    known.provider = key.provider;
    known.authority = providers::adapter(key.provider->type).origin(*key.provider).authority();
    known.bucket = &pool.bucket(origin_of(*key.provider, variable),
                                static_cast<std::size_t>(key.provider->max_idle_connections));
  }
  return known;
}

void Worker::finish_in_background(http::Pool::Bucket& bucket, std::shared_ptr<http::Connection> connection,
                                  std::unique_ptr<http::ResponseParser> parser) {
  auto tail = std::make_unique<Tail>();
  tail->worker = this;
  tail->bucket = &bucket;
  tail->connection = std::move(connection);
  tail->parser = std::move(parser);
  tail->until = clock.now() + kTailPatience;
  tail->connection->listener(tail.get());
  tail->look();
  if (!tail->over) tails_.push_back(std::move(tail));
}

struct Worker::Allowance final : policy::RetryAllowance {
  policy::RetryBudget budget;
  explicit Allowance(double share) : budget(share) {}
  bool take(Time now) override { return budget.try_retry(now); }
};

Worker::~Worker() = default;

policy::RetryAllowance& Worker::retry_budget(const config::Model& model) {
  auto& slot = allowances_[model.name];
  if (!slot) slot = std::make_unique<Allowance>(model.retry.budget);
  slot->budget.set_share(model.retry.budget);
  slot->budget.request(clock.now());
  return *slot;
}

std::string_view Worker::date() {
  const auto second = std::chrono::floor<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
  if (second != date_second_) {
    date_second_ = second;
    const auto at = static_cast<std::time_t>(second);
    std::tm parts{};
    gmtime_r(&at, &parts);
    char text[40];
    date_.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
  }
  return date_;
}

void Worker::sweep() {
  const Time now = clock.now();
  for (auto& tail : tails_) {
    if (!tail->over && tail->until <= now) tail->end();
  }
  tails_.remove_if([](const auto& tail) { return tail->over; });
  keepers.look(now);
  pool.sweep(kIdleAge);
}

void Worker::use(std::shared_ptr<const Setup> next) {
  setup = std::move(next);
  tasks.book.forget();
  // Providers of the old revision are kept by the requests that still use them; their buckets by the pool.
  upstreams_.clear();
  keepers.forget();
}

void Worker::close_all() {
  draining = true;
  const auto all = clients;
  for (auto* client : all) client->close();
  dog.wake_all();
}

void Worker::stop() {
  dog.stop();
  for (auto& tail : tails_) tail->end();
  tails_.clear();
  pool.sweep(Duration::zero());
}

}  // namespace troupe::api
