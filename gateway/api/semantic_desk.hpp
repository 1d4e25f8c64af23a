#pragma once
// The semantic cache of a node: one thread that owns the index, so that no I/O thread compares vectors.
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <thread>

#include "config/types.hpp"
#include "core/time.hpp"
#include "gateway/semantic/meanings.hpp"

namespace troupe::api {

/// What a request asks of it. Without `question` that is found first; without `vector` the built-in embedder
/// makes one, where `lexical`.
struct SemanticAsk {
  std::shared_ptr<const dialects::Request> request;
  std::string tenant, policy, revision;  ///< cache::Circle
  Duration max_age{0};
  bool lexical = true;
  std::optional<semantic::Question> question = {};
  semantic::Vector vector = {};
};

/// `question` is empty where the request has none to compare by meaning; `vector` is of the question.
struct SemanticTold {
  std::optional<semantic::Question> question;
  semantic::Vector vector;
  std::optional<semantic::Meanings::Found> found;
};

/// What one request was told, until its answer is there to be kept.
struct SemanticVisit {
  SemanticTold told;
  std::shared_ptr<std::optional<SemanticTold>> late;  ///< where it was not waited for any longer
  std::string group;
};

/// All functions from any thread; none waits. Outlives the workers.
class SemanticDesk {
 public:
  static constexpr std::size_t kWaiting = 256;  ///< questions under way; more are misses

  explicit SemanticDesk(const Clock& clock);
  ~SemanticDesk();
  SemanticDesk(const SemanticDesk&) = delete;
  SemanticDesk& operator=(const SemanticDesk&) = delete;

  /// A new configuration; the thread starts with the first that wants it. On one thread.
  void use(const std::optional<config::SemanticCache>& settings);
  bool on() const { return on_.load(std::memory_order_acquire); }
  /// `done` runs on `home`; false and never where too many wait, or it is off.
  bool look(boost::asio::io_context& home, SemanticAsk ask, std::function<void(SemanticTold)> done);
  /// `question` and `vector` as they were told.
  void keep(std::string group, semantic::Question question, semantic::Vector vector, cache::EntryPtr entry,
            Duration ttl);
  void flush(std::optional<std::string> tenant);
  /// As an actor's detail: entries, bytes, hits, evicted, forbidden, waiting, tenants.
  nlohmann::json detail() const;
  std::uint64_t messages() const { return messages_.load(std::memory_order_relaxed); }

 private:
  SemanticTold answer(SemanticAsk& ask);
  void publish();
  void show();

  const Clock& clock_;
  boost::asio::io_context io_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> guard_;
  std::thread thread_;
  std::atomic<bool> on_{false};
  std::atomic<std::size_t> waiting_{0};
  std::atomic<std::uint64_t> messages_{0};
  semantic::Meanings meanings_;  ///< its thread's
  mutable std::mutex mutex_;     ///< shown_; for people who look
  std::string shown_;
  boost::asio::steady_timer timer_{io_};
  bool armed_ = false;
};

/// Of one tenant and model; where answers are shared the tenant is "".
std::string semantic_group(std::string_view tenant, std::string_view model);

}  // namespace troupe::api
