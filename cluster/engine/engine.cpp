#include "cluster/engine/engine.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "cluster/engine/catalogue.hpp"
#include "cluster/engine/diary.hpp"
#include "cluster/engine/guardian.hpp"
#include "cluster/engine/hearsay.hpp"
#include "cluster/engine/reports.hpp"
#include "cluster/engine/state.hpp"
#include "cluster/link/link.hpp"
#include "cluster/wire/codec.hpp"
#include "cluster/wire/money.hpp"
#include "core/log.hpp"

namespace troupe::cluster {
namespace {

namespace asio = boost::asio;
constexpr auto kTick = std::chrono::milliseconds(10);
constexpr auto kHealthTick = std::chrono::milliseconds(20);

std::uint64_t incarnation_of(const Clock& clock) {
  const auto since = clock.wall().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

class TheEngine final : public Engine {
 public:
  explicit TheEngine(EngineOptions options)
      : options_(std::move(options)),
        state_(make_state(options_, incarnation_of(*options_.clock))),
        timer_(io_) {}
  ~TheEngine() override { stop(); }

  Result<void> begin();

  policy::Shares shares(const std::string& owner) override;
  void configure(std::shared_ptr<const config::Config> config, std::uint64_t revision) override;
  void set_draining(bool on) override;
  void leave(Duration patience) override;
  std::string obstacle() const override;
  void sent(Duration left) override { guardian_.sent(left); }
  void ended(Duration took) override { guardian_.ended(took); }
  void note(const std::string& key, const policy::Evidence& evidence) override;
  void on_health(Hear hear) override;
  bool is_prober(const std::string& key) const override;
  void send(const std::string& to, const money::Message& message) override {
    link_->send(to, link::kQueue, wire::encode(message));
  }
  nlohmann::json view() const override;
  nlohmann::json shares_view() const override;
  EngineFigures figures() const override;
  const std::string& address() const override { return link_->address(); }

 private:
  link::Callbacks callbacks();
  void tick();
  void heard(const std::string& peer, std::string_view payload);
  void hurry();
  void pass_office();
  void take(members::Step step);
  void take(members::HealthStep step);
  void tick_health();
  void tell_keys();
  void send(Outbox& out);
  void give_back();
  void report_terms();
  void stop();
  Time now() const { return options_.clock->now(); }

  EngineOptions options_;
  mutable std::mutex mutex_;  ///< state_; never held while something waits
  std::condition_variable changed_;
  State state_;
  asio::io_context io_;
  asio::steady_timer timer_;
  std::unique_ptr<link::Link> link_;
  std::thread thread_;
  Diary diary_{options_.config->store.path, options_.config->cluster->voters.size() == 1, *options_.clock};
  std::atomic<bool> hurried_{false};
  Guardian guardian_{options_.config->cluster->guard};
  std::vector<std::pair<std::string, policy::Hearsay>> untold_;  ///< guarded by mutex_
  std::mutex hear_mutex_;                                        ///< hear_; never taken inside mutex_
  Hear hear_;
  Time health_at_ = kLongAgo;
  bool in_office_ = false, joined_ = false;
  bool stopping_ = false;  ///< on the engine's thread
};

Result<void> TheEngine::begin() {
  const auto& cluster = *options_.config->cluster;
  link::Settings settings;
  settings.cluster = "troupe";
  settings.node = cluster.node;
  settings.incarnation = state_.incarnation;
  settings.listen = cluster.listen;
  settings.advertise = cluster.dialled();
  if (cluster.tls) settings.tls = {cluster.tls->cert, cluster.tls->key, cluster.tls->ca};
  auto link = link::Link::start(io_, settings, callbacks(), *options_.clock, Random(options_.seed));
  if (!link) return tl::unexpected(link.error());
  link_ = std::move(*link);
  {
    const std::lock_guard lock(mutex_);
    link_->set_peers(endpoints(state_.members.peers()));
  }
  link_->set_seeds(cluster.join);
  asio::post(io_, [this] { tick(); });
  thread_ = std::thread([this] { io_.run(); });
  return {};
}

link::Callbacks TheEngine::callbacks() {
  link::Callbacks on;
  on.on_frame = [this](const std::string& peer, std::uint64_t, std::string_view payload) {
    heard(peer, payload);
  };
  on.on_up = [this](const std::string& peer, const link::Hello&) {
    const std::lock_guard lock(mutex_);
    take(state_.members.connected(peer, now()));
    take(state_.health.connected(peer, now()));
  };
  on.on_down = [this](const std::string& peer, const std::string&) {
    const std::lock_guard lock(mutex_);
    take(state_.members.disconnected(peer, now()));
  };
  on.may_join = [this](const std::string& name) {
    const std::lock_guard lock(mutex_);
    return state_.members.may_join(name);
  };
  return on;
}

void TheEngine::heard(const std::string& peer, std::string_view payload) {
  if (wire::is_money(payload)) {
    const auto money = wire::decode_money(payload);
    if (money && options_.on_money) return options_.on_money(peer, *money);
  }
  const auto message = wire::decode(payload);
  const std::lock_guard lock(mutex_);
  if (!message) {
    ++state_.garbled;
    return;
  }
  if (const auto* permits = std::get_if<Message>(&*message)) {
    diary_.heard(*permits);
    Outbox out;
    state_.node.hear(peer, *permits, now(), out);
    send(out);
    give_back();
  } else if (const auto* news = std::get_if<members::HealthNews>(&std::get<members::Message>(*message))) {
    take(state_.health.hear(*news, now()));
  } else {
    take(state_.members.hear(peer, std::get<members::Message>(*message), now()));
  }
  changed_.notify_all();
}

void TheEngine::tick() {
  diary_.tick();
  {
    const std::lock_guard lock(mutex_);
    Outbox out;
    state_.node.tick(now(), out);
    send(out);
    give_back();
    take(state_.members.tick(now()));
    tick_health();
    if (guardian_.due(now())) guardian_.look(state_, link_->peers(), now(), options_.on_event);
    report_terms();
  }
  pass_office();
  changed_.notify_all();
  timer_.expires_after(kTick);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error && !stopping_) tick();
  });
}

void TheEngine::pass_office() {
  if (!options_.on_office) return;
  std::unique_lock lock(mutex_);
  const bool mine = state_.node.allocator() != nullptr;
  const auto holder = mine ? state_.name : state_.node.agent().allocator();
  lock.unlock();
  options_.on_office(mine, holder);
}

void TheEngine::take(members::Step step) {
  for (auto& [to, message] : step.send) link_->send(to, link::kQueue, wire::encode(message));
  for (const auto& event : step.events) {
    log::info("member").text("node", event.member).text("why", members::name(event.why));
    if (options_.on_event) options_.on_event("member", event_json(event));
  }
  if (const auto life = state_.members.self().incarnation;
      life > state_.incarnation && state_.node.reborn(life, now()))
    state_.incarnation = life;
  if (!step.events.empty()) link_->set_peers(endpoints(state_.members.peers()));
}

void TheEngine::tick_health() {
  if (now() - health_at_ < kHealthTick) return;
  health_at_ = now();
  auto others = state_.members.alive();
  std::erase(others, state_.name);
  take(state_.health.tick(others, now()));
}

/// Keys are told outside the mutex: what they learn of it may come back at once.
void TheEngine::take(members::HealthStep step) {
  for (auto& [to, message] : step.send) link_->send(to, link::kQueue, wire::encode(message));
  bool limits = false;
  for (const auto& change : step.changes) {
    limits |= change.fact.aspect >= members::Aspect::rpm;
    auto word = hearsay_of(change, now());
    if (word) untold_.emplace_back(change.fact.key, *std::move(word));
  }
  if (limits) state_.relearn(now());
  if (!untold_.empty()) asio::post(io_, [this] { tell_keys(); });
}

void TheEngine::tell_keys() {
  const std::lock_guard hearing(hear_mutex_);
  std::vector<std::pair<std::string, policy::Hearsay>> words;
  {
    const std::lock_guard lock(mutex_);
    if (hear_) words.swap(untold_);
  }
  for (const auto& [key, word] : words) {
    log::info("hearsay")
        .text("key", key)
        .text("about", policy::name(word.about))
        .number("value", word.value)
        .text("from", word.from);
    hear_(key, word);
  }
}

void TheEngine::note(const std::string& key, const policy::Evidence& evidence) {
  log::info("evidence")
      .text("key", key)
      .text("about", policy::name(evidence.about))
      .number("value", evidence.value);
  asio::post(io_, [this, key, evidence] {
    const std::lock_guard lock(mutex_);
    take(state_.health.note(key, static_cast<members::Aspect>(evidence.about), evidence.value,
                            evidence.remaining, now()));
  });
}

void TheEngine::on_health(Hear hear) {
  {
    const std::lock_guard hearing(hear_mutex_);
    hear_ = std::move(hear);
  }
  asio::post(io_, [this] { tell_keys(); });
}

void TheEngine::send(Outbox& out) {
  for (auto& [to, message] : out) link_->send(to, link::kQueue, wire::encode(message));
}

/// Recalls need no owner: what is free is taken back at once.
void TheEngine::give_back() {
  bool urgent = false;
  for (const auto& recall : state_.node.take_recalls()) {
    const auto found = state_.permits.find(recall.limit);
    if (found == state_.permits.end()) continue;
    urgent |= found->second->give_back(recall.keep) > 0 && recall.urgent;
  }
  if (!urgent) return;
  Outbox out;
  state_.node.hurry(now(), out);
  send(out);
}

void TheEngine::report_terms() {
  const bool office = state_.node.allocator() != nullptr, joined = state_.node.agent().joined();
  if (office != in_office_) {
    log::info("allocator").text("node", state_.name).flag("in_office", office);
    if (options_.on_event) options_.on_event("allocator", {{"node", state_.name}, {"in_office", office}});
  }
  if (joined && !joined_) log::info("permits_joined").text("node", state_.name);
  in_office_ = office;
  joined_ = joined;
}

/// From any thread, often: one post at a time.
void TheEngine::hurry() {
  if (hurried_.exchange(true)) return;
  asio::post(io_, [this] {
    hurried_ = false;
    const std::lock_guard lock(mutex_);
    Outbox out;
    state_.node.hurry(now(), out);
    send(out);
    give_back();
  });
}

policy::Shares TheEngine::shares(const std::string& owner) {
  const std::lock_guard lock(mutex_);
  policy::Shares out;
  for (const auto& limit : state_.limits) {
    if (limit.owner == owner) out.permits[limit.which] = state_.permits.at(limit.spec.id);
  }
  out.guard = options_.config->cluster->guard;
  out.hurry = [this] { hurry(); };
  return out;
}

void TheEngine::configure(std::shared_ptr<const config::Config> config, std::uint64_t revision) {
  const std::lock_guard lock(mutex_);
  state_.use(*config, now());
  take(state_.use_keys(*config, now()));
  take(state_.members.announce(revision, state_.draining, now()));
  state_.revision = revision;
}

void TheEngine::set_draining(bool on) {
  const std::lock_guard lock(mutex_);
  state_.draining = on;
  take(state_.members.announce(state_.revision, on, now()));
}

void TheEngine::leave(Duration patience) {
  std::unique_lock lock(mutex_);
  Outbox out;
  state_.node.leave(now(), out);
  send(out);
  const bool known = changed_.wait_for(lock, patience, [&] { return state_.node.gone(); });
  log::info("permits_returned").flag("acknowledged", known);
  take(state_.members.leave(now()));
}

std::string TheEngine::obstacle() const {
  const std::lock_guard lock(mutex_);
  return cluster::obstacle(state_, now());
}

bool TheEngine::is_prober(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto whose = state_.members.responsible(key);
  return whose.empty() || whose == state_.name;
}

nlohmann::json TheEngine::view() const {
  const auto peers = link_->peers();
  const std::lock_guard lock(mutex_);
  return cluster_json(state_, peers, now());
}

nlohmann::json TheEngine::shares_view() const {
  const std::lock_guard lock(mutex_);
  return shares_json(state_, now());
}

EngineFigures TheEngine::figures() const {
  const auto peers = link_->peers();
  const std::lock_guard lock(mutex_);
  return figures_of(state_, peers, now());
}

void TheEngine::stop() {
  if (!thread_.joinable()) return;
  asio::post(io_, [this] {
    stopping_ = true;  // a tick that is due already is not cancelled
    timer_.cancel();
    link_->stop();
  });
  thread_.join();
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::start(EngineOptions options) {
  auto engine = std::make_unique<TheEngine>(std::move(options));
  if (auto begun = engine->begin(); !begun) return tl::unexpected(begun.error());
  return engine;
}

}  // namespace troupe::cluster
