#include "app/node.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <functional>

#include "actors/company.hpp"
#include "app/admin_callbacks.hpp"
#include "app/alerts.hpp"
#include "app/batches.hpp"
#include "app/cluster_reload.hpp"
#include "app/embedded_mock.hpp"
#include "app/housekeeping.hpp"
#include "app/neighbours.hpp"
#include "app/node_state.hpp"
#include "app/peer_questions.hpp"
#include "app/sessions.hpp"
#include "app/threads.hpp"
#include "app/virtual_keys.hpp"
#include "cluster/engine/engine.hpp"
#include "cluster/treasury/treasury.hpp"
#include "core/log.hpp"
#include "gateway/admin/admin.hpp"
#include "gateway/api/semantic_desk.hpp"
#include "gateway/http/listener.hpp"
#include "gateway/http/server.hpp"
#include "gateway/http/tls.hpp"
#include "gateway/tokens/vocabulary.hpp"

namespace troupe::app {
namespace {

namespace asio = boost::asio;
constexpr auto kLastWords = std::chrono::seconds(2);
constexpr auto kLeavePatience = std::chrono::milliseconds(500);  // until the permits are handed back

class RunningNode final : public Node {
 public:
  RunningNode(const NodeOptions& options, std::shared_ptr<const config::Config> config)
      : state_(options), threads_(static_cast<std::size_t>(config->server.threads)), mock_(threads_.io(0)) {
    state_.config = std::move(config);
  }
  ~RunningNode() override { stop(); }

  Result<void> begin();
  NodeAddresses addresses() const override { return {acceptors_.front()->address(), admin_address_}; }
  bool reload() override;
  void drain_and_stop(const std::function<bool()>& hurry) override;

 private:
  Result<void> open_treasury();
  Result<void> join_cluster();
  void start_company();
  Result<void> listen();
  Result<void> open_admin();
  void start_workers();
  Result<void> start_batches();
  void put_in_force(std::shared_ptr<const config::Config> config);
  void apply(const InForce& force, const std::shared_ptr<void>& token);
  void set_draining(bool on);
  std::size_t in_flight();
  std::size_t connections();
  void close_sessions();
  void leave_cluster();
  void stop();

  NodeState state_;
  Threads threads_;
  EmbeddedMock mock_;
  std::shared_ptr<const config::PriceCatalogue> prices_ = config::PriceCatalogue::embedded();
  std::shared_ptr<const tokens::Library> vocabularies_;
  std::unique_ptr<admin::Telemetry> telemetry_;
  /// Null: no store. Outlives all who pay, and the cluster.
  std::unique_ptr<money::Treasury> treasury_;
  std::unique_ptr<Batches> batches_;               ///< outlives the cluster, which asks it
  std::unique_ptr<VirtualKeys> keys_;              ///< null: no store; outlives the cluster
  std::unique_ptr<cluster::Engine> cluster_;       ///< null: a node on its own; outlives the company
  std::unique_ptr<ClusterReload> cluster_reload_;  ///< with cluster_
  std::unique_ptr<actors::Company> company_;
  std::unique_ptr<Neighbours> neighbours_;  ///< with cluster_
  api::SemanticDesk meanings_{real_clock()};
  std::vector<std::unique_ptr<api::Worker>> workers_;
  std::unique_ptr<Alerts> alerts_;  ///< with treasury_; on the first thread
  std::vector<std::unique_ptr<Housekeeping>> housekeeping_;
  std::vector<std::shared_ptr<http::Acceptor>> acceptors_;
  std::unique_ptr<http::Server> admin_;
  std::string admin_address_;
  bool stopped_ = false;
};

Result<void> RunningNode::begin() {
  Result<std::shared_ptr<const config::Config>> mocked = state_.config;
  threads_.run_on(0, [&] { mocked = mock_.serve(state_.config); });
  if (!mocked) return tl::unexpected(mocked.error());
  state_.config = *mocked;
  const auto& config = *state_.config;
  if (auto opened = open_treasury(); !opened) return opened;
  auto keys = VirtualKeys::open(state_, threads_.io(0));
  if (!keys) return tl::unexpected(keys.error());
  keys_ = std::move(*keys);
  if (auto joined = join_cluster(); !joined) return joined;
  telemetry_ = std::make_unique<admin::Telemetry>(admin::TelemetryOptions{
      state_.node, threads_.size(), 1000, config.telemetry.access_log, &real_clock()});
  telemetry_->know(config);
  start_company();
  start_workers();
  if (treasury_) {
    for (auto& worker : workers_) worker->cash = treasury_->cash();
    threads_.run_on(0, [&] { alerts_ = std::make_unique<Alerts>(*treasury_, *workers_[0]); });
  }
  if (auto started = start_batches(); !started) return started;
  state_.put_in_force = [this](std::shared_ptr<const config::Config> next) { put_in_force(std::move(next)); };
  state_.prepare = [this](std::shared_ptr<const config::Config> next) {
    return mock_.serve(std::move(next));
  };
  state_.set_draining = [this](bool on) { set_draining(on); };
  if (keys_) keys_->begin([this](const InForce& force, const auto& token) { apply(force, token); });
  if (auto opened = listen(); !opened) return opened;
  return open_admin();
}

/// Where there is a store: budgets may come with a reload.
Result<void> RunningNode::open_treasury() {
  if (state_.config->store.path.empty()) return {};
  money::TreasuryOptions options;
  options.config = state_.config;
  options.node = state_.node;
  options.clock = &real_clock();
  options.seed = entropy_seed();
  auto started = money::Treasury::start(std::move(options));
  if (!started) return tl::unexpected(started.error());
  treasury_ = std::move(*started);
  state_.treasury = treasury_.get();
  return {};
}

Result<void> RunningNode::join_cluster() {
  if (!state_.config->cluster) return {};
  state_.node = state_.config->cluster->node;
  cluster::EngineOptions options;
  options.config = state_.config;
  options.clock = &real_clock();
  options.seed = entropy_seed();
  if (auto* treasury = treasury_.get()) {
    options.on_money = [treasury](const std::string& from, const money::Message& message) {
      treasury->heard(from, message);
    };
    options.on_office = [treasury](bool mine, const std::string& holder) { treasury->office(mine, holder); };
  }
  if (auto* keys = keys_.get())
    options.on_keyring = [keys](const std::string& from, const keyring::Message& message) {
      keys->heard(from, message);
    };
  auto started = cluster::Engine::start(std::move(options));
  if (!started) return tl::unexpected(started.error());
  cluster_ = std::move(*started);
  if (treasury_)
    treasury_->connect([cluster = cluster_.get()](const std::string& to, const money::Message& message) {
      cluster->send(to, message);
    });
  if (keys_) keys_->connect(*cluster_);
  state_.cluster = cluster_.get();
  cluster_reload_ = std::make_unique<ClusterReload>(threads_.io(0), state_, *cluster_, real_clock());
  log::info("cluster").text("node", state_.node).text("address", cluster_->address());
  return {};
}

void RunningNode::start_company() {
  actors::CompanyOptions options;
  options.config = state_.config;
  options.prices = prices_;
  options.threads = threads_.all();
  options.clock = &real_clock();
  options.seed = entropy_seed();
  options.node = state_.node;
  if (auto* cluster = cluster_.get()) {
    options.shares = [cluster](const std::string& owner) { return cluster->shares(owner); };
    options.is_prober = [cluster](const std::string& key) { return cluster->is_prober(key); };
    options.learnt = [cluster](const std::string& key, const policy::Evidence& evidence) {
      cluster->note(key, evidence);
    };
    options.users_send = [cluster](const std::string& to, const users::Message& message) {
      cluster->send(to, message);
    };
    options.cache_send = [cluster](const std::string& to, const cache::Message& message) {
      cluster->send(to, message);
    };
  }
  options.besides = [this] { return other_rows(cluster_.get(), meanings_, state_.node); };
  company_ = actors::Company::start(std::move(options));
  if (cluster_) neighbours_ = std::make_unique<Neighbours>(threads_.io(0), *cluster_, *company_, state_);
}

bool RunningNode::reload() {
  bool taken = false;
  threads_.run_on(0, [&] { taken = static_cast<bool>(state_.reload()); });
  return taken;
}

void RunningNode::start_workers() {
  meanings_.use(state_.config->cache.semantic);
  state_.flush_meanings = [this](const std::optional<std::string>& tenant) { meanings_.flush(tenant); };
  const auto setup = api::make_setup(state_.config, prices_, keys_ == nullptr);
  vocabularies_ = std::make_shared<const tokens::Library>(tokens::installed_directory());
  api::read_vocabularies(*vocabularies_, *setup);
  std::function<bool()> ready;
  api::CallWatch watch;
  if (cluster_ || keys_)
    ready = [cluster = cluster_.get(), keys = keys_.get()] {
      return (!cluster || cluster->ready()) && (!keys || keys->ready());
    };
  if (auto* cluster = cluster_.get()) {
    watch.sent = [cluster](Duration left) { cluster->sent(left); };
    watch.ended = [cluster](Duration took) { cluster->ended(took); };
  }
  const std::function<void()> first = [this] {
    if (cluster_reload_) cluster_reload_->tick();
    if (alerts_) alerts_->look();
  };
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    auto& io = threads_.io(i);
    workers_.push_back(std::make_unique<api::Worker>(
        api::WorkerOptions{&io, &real_clock(), &company_->desk(i), &telemetry_->observer(i), setup,
                           entropy_seed(), state_.node, ready, watch, vocabularies_}));
    workers_.back()->meanings = &meanings_;
    threads_.run_on(i, [&] {
      housekeeping_.push_back(std::make_unique<Housekeeping>(io, *workers_[i], i == 0 ? first : nullptr));
    });
  }
}

Result<void> RunningNode::start_batches() {
  Batches::Options options{state_.config, state_.node, cluster_.get(), {}};
  for (auto& worker : workers_) options.workers.push_back(worker.get());
  auto started = Batches::start(std::move(options));
  if (!started) return tl::unexpected(started.error());
  batches_ = std::move(*started);
  return {};
}

Result<void> RunningNode::listen() {
  const auto& server = state_.config->server;
  std::shared_ptr<asio::ssl::context> tls;
  if (server.tls) {
    auto made = http::server_context(server.tls->cert, server.tls->key);
    if (!made) return tl::unexpected(made.error());
    tls = *made;
  }
  std::string address = server.listen;
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    auto bound = http::Acceptor::bind(threads_.io(i), address, tls);
    if (!bound) return tl::unexpected(bound.error());
    address = (*bound)->address();
    acceptors_.push_back(*bound);
  }
  for (std::size_t i = 0; i < threads_.size(); ++i)
    accept_clients(threads_.io(i), acceptors_[i], *workers_[i], threads_.size());
  return {};
}

Result<void> RunningNode::open_admin() {
  auto context = admin_context(state_, *company_, *telemetry_);
  batches_->show(context);
  keys_ ? keys_->serve(context) : refuse_keys(context);
  if (cluster_) {
    ask_peers(*cluster_, context);
    context.reload_cluster = [reload = cluster_reload_.get()](ClusterReload::Done done) {
      reload->start(std::move(done));
    };
    cluster_->on_ask(
        answer_peers(threads_.io(0), admin::make_peer_views(context), *cluster_reload_, batches_->front()));
  }
  auto handler = admin::make_admin_handler(std::move(context));
  http::ServerOptions options;
  options.listen = state_.config->server.admin;
  auto server = http::Server::start(threads_.io(0), options, std::move(handler));
  if (!server) return tl::unexpected(server.error());
  admin_ = std::move(*server);
  const auto colon = options.listen.rfind(':');
  admin_address_ = options.listen.substr(0, colon + 1) + std::to_string(admin_->port());
  return {};
}

void RunningNode::put_in_force(std::shared_ptr<const config::Config> config) {
  telemetry_->know(*config);
  if (keys_) return keys_->put_in_force(std::move(config));
  apply({config, config, true, 0}, nullptr);
}

void RunningNode::apply(const InForce& force, const std::shared_ptr<void>& token) {
  if (cluster_) cluster_->configure(force.whole, state_.revision, *force.file);
  if (treasury_) treasury_->configure(force.whole);
  company_->apply(force.whole);
  batches_->configure(force.file->batches);
  meanings_.use(force.file->cache.semantic);
  const auto setup = api::make_setup(force.whole, prices_, force.keys_known);
  api::read_vocabularies(*vocabularies_, *setup);
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    asio::post(threads_.io(i), [worker = workers_[i].get(), setup, token] { worker->use(setup); });
  }
}

void RunningNode::set_draining(bool on) {
  if (cluster_) cluster_->set_draining(on);
  batches_->set_draining(on);
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    asio::post(threads_.io(i), [worker = workers_[i].get(), on] {
      worker->draining = on;
      if (on) worker->dog.wake_all();
    });
  }
}

std::size_t RunningNode::in_flight() {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < workers_.size(); ++i) threads_.run_on(i, [&] { sum += workers_[i]->requests; });
  return sum;
}

std::size_t RunningNode::connections() {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < workers_.size(); ++i)
    threads_.run_on(
        i, [&] { sum += workers_[i]->connections + workers_[i]->mirrors + housekeeping_[i]->probing(); });
  return sum;
}

void RunningNode::drain_and_stop(const std::function<bool()>& hurry) {
  log::info("draining");
  state_.draining = true;
  set_draining(true);
  const Time until = real_clock().now() + state_.config_now()->server.drain_timeout;
  Pause pause;
  while (in_flight() > 0 && real_clock().now() < until && !hurry()) pause.wait(std::chrono::milliseconds(20));
  if (treasury_) treasury_->close(kLeavePatience);
  leave_cluster();
  stop();
  log::info("stopped");
}

void RunningNode::leave_cluster() {
  if (!cluster_) return;
  company_->hand_over_users();
  // The actors speak on these threads: it is on its way before the node says that it goes.
  for (std::size_t i = 0; i < threads_.size(); ++i) threads_.run_on(i, [] {});
  cluster_->leave(kLeavePatience);
}

/// Cuts every client connection; the sessions end by themselves.
void RunningNode::close_sessions() {
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    threads_.run_on(i, [&] {
      housekeeping_[i]->stop();
      workers_[i]->close_all();
    });
  }
  const Time until = real_clock().now() + kLastWords;
  Pause pause;
  while (connections() > 0 && real_clock().now() < until) pause.wait(std::chrono::milliseconds(5));
}

void RunningNode::stop() {
  if (stopped_) return;
  stopped_ = true;
  if (keys_) keys_->stop();
  for (std::size_t i = 0; i < acceptors_.size(); ++i) threads_.run_on(i, [&] { acceptors_[i]->stop(); });
  threads_.run_on(0, [&] {
    if (admin_) admin_->stop();
  });
  close_sessions();
  threads_.run_on(0, [&] {
    alerts_.reset();
    if (neighbours_) neighbours_->stop();
    mock_.stop();
  });
  if (cluster_) cluster_->on_ask({});
  company_.reset();
  for (std::size_t i = 0; i < workers_.size(); ++i) threads_.run_on(i, [&] { workers_[i]->stop(); });
  threads_.join();
  if (batches_) batches_->stop();
  if (treasury_) treasury_->connect({});
  admin_.reset();
  neighbours_.reset();
  housekeeping_.clear();
  workers_.clear();
  acceptors_.clear();
}

}  // namespace

Result<std::unique_ptr<Node>> Node::start(const NodeOptions& options,
                                          std::shared_ptr<const config::Config> config) {
  auto node = std::make_unique<RunningNode>(options, std::move(config));
  if (auto begun = node->begin(); !begun) return tl::unexpected(begun.error());
  return node;
}

}  // namespace troupe::app
