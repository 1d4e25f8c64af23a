#include "app/virtual_keys.hpp"

#include <boost/asio/post.hpp>
#include <future>
#include <utility>

#include "cluster/locksmith/effective.hpp"
#include "cluster/locksmith/wish.hpp"
#include "core/random.hpp"

namespace troupe::app {
namespace {

using Json = nlohmann::json;
using Change = admin::AdminContext::KeyChange;
constexpr const char* kNoStore =
    "virtual keys need a place to be kept: set store: { path: /var/lib/troupe } or store: { postgres: "
    "\"postgresql://…\" } and start the node again; or write the key's hash under tenants.NAME.keys";

keyring::Millis millis_now() {
  const auto since = real_clock().wall().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

Json refusal(int status, const std::string& why) {
  return {{"ok", false}, {"status", status}, {"error", why}};
}

Json refusal(const Error& error) {
  return refusal(error.code == "conflict" ? 409 : traits(error.fault).status, error.message);
}

}  // namespace

Result<std::unique_ptr<VirtualKeys>> VirtualKeys::open(NodeState& state, boost::asio::io_context& first) {
  const auto& config = *state.config;
  if (config.store.path.empty() && config.store.postgres.empty()) return nullptr;
  std::unique_ptr<VirtualKeys> keys(new VirtualKeys(state, first));
  locksmith::LocksmithOptions options;
  options.node = config.cluster ? config.cluster->node : state.node;
  options.store = config.store;
  options.alone = !config.cluster;
  options.clock = &real_clock();
  options.seed = entropy_seed();
  options.on_keys = [keys = keys.get()](const auto&) { keys->changed(); };
  auto started = locksmith::Locksmith::start(std::move(options));
  if (!started) return tl::unexpected(started.error());
  keys->smith_ = std::move(*started);
  return keys;
}

void VirtualKeys::begin(Apply apply) {
  {
    const std::lock_guard lock(mutex_);
    apply_ = std::move(apply);
  }
  std::promise<void> done;
  boost::asio::post(first_, [&] {
    put_in_force(state_.config_now());
    done.set_value();
  });
  done.get_future().wait();
}

InForce VirtualKeys::complete(std::shared_ptr<const config::Config> file) const {
  const auto keys = smith_->keys();
  // What may have been revoked while this node was away opens nothing until that is known.
  auto whole = keys->known ? locksmith::with_keys(*file, keys->records, millis_now()) : file;
  return {std::move(file), std::move(whole), keys->known, keys->generation};
}

void VirtualKeys::put_in_force(std::shared_ptr<const config::Config> file) {
  apply(complete(std::move(file)));
}

void VirtualKeys::apply(const InForce& force) {
  // The last thread that lets go of it was the last to put it in force.
  const auto told = [smith = smith_, ready = ready_, generation = force.generation,
                     known = force.keys_known](void*) {
    if (known) *ready = true;
    smith->in_force(generation);
  };
  std::shared_ptr<void> token(nullptr, told);
  apply_(force, std::move(token));
}

/// On the locksmith's thread, where ten thousand keys may take their milliseconds. A file that was loaded
/// meanwhile is not undone.
void VirtualKeys::changed() {
  {
    const std::lock_guard lock(mutex_);
    if (!apply_) return;  // begin() does it
  }
  auto force = complete(state_.config_now());
  boost::asio::post(first_, [this, force = std::move(force)] {
    if (force.file == state_.config_now())
      apply(force);
    else
      put_in_force(state_.config_now());
  });
}

void VirtualKeys::connect(cluster::Engine& engine) {
  smith_->connect(
      [&engine](const std::string& to, const keyring::Message& message) { engine.send(to, message); },
      [&engine] { return engine.others(); });
}

void VirtualKeys::change(const Change& wanted, locksmith::Locksmith::Done done) {
  if (wanted.act == "create") {
    auto wish = locksmith::read_wish(wanted.body, *state_.config_now(), millis_now());
    return wish ? smith_->create(*std::move(wish), std::move(done)) : done(refusal(wish.error()));
  }
  if (wanted.act == "revoke") return smith_->revoke(wanted.id, std::move(done));
  const auto grace = locksmith::read_grace(wanted.body);
  return grace ? smith_->rotate(wanted.id, *grace, std::move(done)) : done(refusal(grace.error()));
}

void VirtualKeys::serve(admin::AdminContext& context) {
  context.virtual_keys = [this] { return smith_->list(*state_.config_now()); };
  context.change_key = [this](const Change& wanted, std::function<void(Json)> done) {
    change(wanted, std::move(done));
  };
}

void refuse_keys(admin::AdminContext& context) {
  context.virtual_keys = [] { return Json{{"virtual_keys", Json::array()}, {"hint", kNoStore}}; };
  context.change_key = [](const Change&, const std::function<void(Json)>& done) {
    done(refusal(409, kNoStore));
  };
}

}  // namespace troupe::app
