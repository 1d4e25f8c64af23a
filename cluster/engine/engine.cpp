#include "cluster/engine/engine.hpp"

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include "cluster/engine/catalogue.hpp"
#include "cluster/engine/reports.hpp"
#include "cluster/engine/the_engine.hpp"
#include "core/log.hpp"

namespace troupe::cluster {
namespace {

namespace asio = boost::asio;
constexpr auto kTick = std::chrono::milliseconds(10);

}  // namespace

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

/// False: not about the cache.
bool TheEngine::heard_cache(const std::string& peer, std::string_view payload) {
  if (!wire::is_cache(payload)) return false;
  const auto message = wire::decode_cache(payload);
  if (!message) return false;
  const std::lock_guard lock(ear_mutex_);
  if (hear_cache_) hear_cache_(peer, *message);
  return true;
}

/// False: not about users.
bool TheEngine::heard_users(const std::string& peer, std::string_view payload) {
  if (!wire::is_users(payload)) return false;
  const auto message = wire::decode_users(payload);
  if (!message) return false;
  const std::lock_guard lock(ear_mutex_);
  if (hear_users_) hear_users_(peer, *message);
  return true;
}

void TheEngine::heard(const std::string& peer, std::string_view payload) {
  if (heard_cache(peer, payload) || heard_users(peer, payload)) return;
  if (wire::is_money(payload)) {
    const auto money = wire::decode_money(payload);
    if (money && options_.on_money) return options_.on_money(peer, *money);
  }
  if (wire::is_keyring(payload)) {
    const auto keys = wire::decode_keyring(payload);
    if (keys && options_.on_keyring) return options_.on_keyring(peer, *keys);
  }
  const auto message = wire::decode(payload);
  if (message) {
    if (const auto* errand = std::get_if<errands::Message>(&*message)) errands_.hear(peer, *errand);
  }
  const std::lock_guard lock(mutex_);
  if (!message) {
    ++state_.garbled;
    return;
  }
  state_.traffic.heard(peer, *message);
  if (std::holds_alternative<errands::Message>(*message)) return;
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
  errands_.tick();
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
    if (limit.owner != owner) continue;
    out.permits[limit.which] = state_.permits.at(limit.spec.id);
    if (const auto own = state_.floors.find(limit.spec.id); own != state_.floors.end())
      out.floors[limit.which] = own->second;
  }
  out.guard = options_.config->cluster->guard;
  out.hurry = [this] { hurry(); };
  return out;
}

void TheEngine::configure(std::shared_ptr<const config::Config> config, std::uint64_t revision,
                          const config::Config& file) {
  const std::lock_guard lock(mutex_);
  state_.use(*config, file, now());
  take(state_.use_keys(*config, now()));
  take(state_.members.announce(revision, state_.configuration, state_.draining, now()));
  state_.revision = revision;
}

void TheEngine::set_draining(bool on) {
  const std::lock_guard lock(mutex_);
  state_.draining = on;
  take(state_.members.announce(state_.revision, state_.configuration, on, now()));
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

void TheEngine::stop() {
  if (!thread_.joinable()) return;
  asio::post(io_, [this] {
    stopping_ = true;  // a tick that is due already is not cancelled
    timer_.cancel();
    link_->stop();
  });
  thread_.join();
}

Result<std::unique_ptr<Engine>> Engine::start(EngineOptions options) {
  auto engine = std::make_unique<TheEngine>(std::move(options));
  if (auto begun = engine->begin(); !begun) return tl::unexpected(begun.error());
  return engine;
}

}  // namespace troupe::cluster
