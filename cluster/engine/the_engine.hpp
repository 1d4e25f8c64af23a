#pragma once
// The engine's state and threads; what its functions do is in engine.cpp (protocol, life) and
// engine_questions.cpp (health, views). Internal to cluster/engine.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "cluster/engine/diary.hpp"
#include "cluster/engine/engine.hpp"
#include "cluster/engine/errand_desk.hpp"
#include "cluster/engine/fingerprint.hpp"
#include "cluster/engine/guardian.hpp"
#include "cluster/engine/listener.hpp"
#include "cluster/engine/state.hpp"
#include "cluster/link/link.hpp"
#include "cluster/wire/cache.hpp"
#include "cluster/wire/codec.hpp"
#include "cluster/wire/keyring.hpp"
#include "cluster/wire/money.hpp"
#include "cluster/wire/users.hpp"

namespace troupe::cluster {

/// Higher than that of any earlier process of the node, as far as its calendar can be trusted.
inline std::uint64_t incarnation_of(const Clock& clock) {
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
  void configure(std::shared_ptr<const config::Config> config, std::uint64_t revision,
                 const config::Config& file) override;
  void set_draining(bool on) override;
  void leave(Duration patience) override;
  std::string obstacle() const override;
  void sent(Duration left) override { guardian_.sent(left); }
  void ended(Duration took) override { guardian_.ended(took); }
  void note(const std::string& key, const policy::Evidence& evidence) override;
  void on_health(Hear hear) override;
  void ask(std::vector<std::string> nodes, std::string what, std::string text, Duration patience,
           Answered done) override {
    errands_.ask(std::move(nodes), std::move(what), std::move(text), patience, std::move(done));
  }
  void on_ask(Serve serve) override { errands_.serve(std::move(serve)); }
  std::vector<std::string> others() const override;
  std::uint64_t fingerprint(const config::Config& config) const override {
    return shared_fingerprint(config, Fingerprint::of_cluster(config));
  }
  bool in_force(std::uint64_t configuration) const override;
  std::vector<Row> rows() override;
  bool is_prober(const std::string& key) const override;
  void send(const std::string& to, const money::Message& message) override {
    link_->send(to, link::kQueue, wire::encode(message));
  }
  void send(const std::string& to, const keyring::Message& message) override {
    link_->send(to, link::kQueue, wire::encode(message));
  }
  void send(const std::string& to, const cache::Message& message) override {
    link_->offer(to, wire::encode(message));
  }
  void on_cache(HearCache hear) override {
    const std::lock_guard lock(ear_mutex_);
    hear_cache_ = std::move(hear);
  }
  void send(const std::string& to, const users::Message& message) override {
    link_->offer(to, wire::encode(message));
  }
  void on_users(HearUsers hear) override {
    const std::lock_guard lock(ear_mutex_);
    hear_users_ = std::move(hear);
  }
  nlohmann::json view() const override;
  nlohmann::json shares_view() const override;
  EngineFigures figures() const override;
  const std::string& address() const override { return link_->address(); }

 private:
  link::Callbacks callbacks();
  void tick();
  void heard(const std::string& peer, std::string_view payload);
  bool heard_cache(const std::string& peer, std::string_view payload);
  bool heard_users(const std::string& peer, std::string_view payload);
  void hurry();
  void pass_office();
  void take(members::Step step);
  void take(members::HealthStep step);
  void tick_health();
  void send(Outbox& out);
  void give_back();
  void report_terms();
  void stop();
  Time now() const { return options_.clock->now(); }

  EngineOptions options_;
  mutable std::mutex mutex_;  ///< state_; never held while something waits
  std::condition_variable changed_;
  State state_;
  boost::asio::io_context io_;
  boost::asio::steady_timer timer_;
  std::unique_ptr<link::Link> link_;
  std::thread thread_;
  Diary diary_{options_.config->store.path, options_.config->cluster->voters.size() == 1, *options_.clock};
  std::atomic<bool> hurried_{false};
  Guardian guardian_{options_.config->cluster->guard};
  Listener listener_;
  ErrandDesk errands_{io_, *options_.clock, [this](const std::string& to, const errands::Message& message) {
                        link_->send(to, link::kQueue, wire::encode(message));
                      }};
  Time health_at_ = kLongAgo;
  bool in_office_ = false, joined_ = false;
  std::mutex ear_mutex_;  ///< hear_cache_, hear_users_
  HearCache hear_cache_;
  HearUsers hear_users_;
  bool stopping_ = false;  ///< on the engine's thread
};

}  // namespace troupe::cluster
