// The engine's other half: what nodes know of keys, and what people are shown.
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include "cluster/engine/hearsay.hpp"
#include "cluster/engine/reports.hpp"
#include "cluster/engine/rows.hpp"
#include "cluster/engine/the_engine.hpp"
#include "core/log.hpp"

namespace troupe::cluster {
namespace {

namespace asio = boost::asio;
constexpr auto kHealthTick = std::chrono::milliseconds(20);

}  // namespace

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
    if (word) listener_.add(change.fact.key, *std::move(word));
  }
  if (limits) state_.relearn(now());
  if (listener_.waits()) asio::post(io_, [this] { listener_.tell(); });
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
  listener_.listen(std::move(hear));
  asio::post(io_, [this] { listener_.tell(); });
}

std::vector<std::string> TheEngine::others() const {
  const std::lock_guard lock(mutex_);
  return cluster::others(state_.members, now());
}

bool TheEngine::in_force(std::uint64_t configuration) const {
  const std::lock_guard lock(mutex_);
  return elsewhere(state_.members, now(), configuration);
}

bool TheEngine::is_prober(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto whose = state_.members.responsible(key);
  return whose.empty() || whose == state_.name;
}

std::vector<Row> TheEngine::rows() {
  const auto peers = link_->peers();
  const std::lock_guard lock(mutex_);
  return rows_of(state_, peers, now());
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

}  // namespace troupe::cluster
