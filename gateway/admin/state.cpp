#include "gateway/admin/state.hpp"

#include <utility>

#include "gateway/admin/snapshot.hpp"

namespace troupe::admin {

State::State(AdminContext context) : context_(std::move(context)) {
  if (!context_.clock) context_.clock = &real_clock();
}

std::shared_ptr<const config::Config> State::config() const {
  auto found = context_.config ? context_.config() : nullptr;
  return found ? found : std::make_shared<const config::Config>();
}

config::Secret State::token() const {
  return config()->server.admin_token;
}

boost::asio::awaitable<std::vector<actors::ActorInfo>> State::inspect() {
  if (!context_.company) co_return std::vector<actors::ActorInfo>{};
  auto found = co_await context_.company->inspect();
  seen_ = found;
  seen_at_ = clock().now();
  co_return found;
}

Json State::ready() const {
  return context_.ready ? Json(context_.ready()) : Json{{"ok", true}, {"checks", Json::array()}};
}

Json State::config_state() const {
  return context_.config_state ? Json(context_.config_state())
                               : Json{{"revision", 1}, {"last_reload_ok", true}};
}

boost::asio::awaitable<Json> State::snapshot() {
  const bool fresh = seen_at_ && clock().now() - *seen_at_ < context_.inspect_for;
  if (!fresh) co_await inspect();
  const auto now = clock().now();
  const auto totals = context_.telemetry->totals();
  pulse_.read(now, totals);
  SnapshotInput input;
  input.totals = totals;
  input.rates = pulse_.rates(now, totals);
  input.keys = key_views(seen_);
  input.ready = ready();
  input.config_state = config_state();
  if (context_.cluster) input.cluster = context_.cluster();
  if (context_.budgets) input.budgets = context_.budgets();
  input.queues = queue_depths(seen_);
  input.node = context_.telemetry->options().node;
  input.version = context_.build.version;
  input.at = clock().wall();
  input.started = context_.telemetry->started();
  co_return make_snapshot(input);
}

boost::asio::awaitable<ScrapeState> State::scrape_state() {
  ScrapeState out;
  out.actors = co_await inspect();
  out.build = context_.build;
  const auto config = config_state();
  out.config_revision = config.value("revision", std::uint64_t{1});
  out.last_reload_ok = config.value("last_reload_ok", true);
  if (context_.batch_figures) out.batches = context_.batch_figures();
  if (context_.budgets) out.budgets = context_.budgets();
  if (context_.cluster_figures) out.cluster = context_.cluster_figures();
  co_return out;
}

}  // namespace troupe::admin
