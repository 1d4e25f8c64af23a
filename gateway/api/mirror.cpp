#include "gateway/api/mirror.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "core/log.hpp"
#include "gateway/steering/subject.hpp"

namespace troupe::api {
namespace {

using boost::asio::awaitable;

constexpr int kMostKeys = 8;  // that may refuse before it is let be

void log_end(std::exception_ptr error) {
  if (!error) return;
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    log::error("mirror_exception").text("what", e.what());
  }
}

/// Counts for as long as it lives.
class Counted {
 public:
  explicit Counted(std::size_t& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::size_t& count_;
};

admin::RequestRecord record_of(const Worker& worker, const Mirrored& copy) {
  admin::RequestRecord record;
  record.id = copy.facts.request_id;
  record.tenant = copy.facts.tenant;
  record.model = copy.shadow->name;
  record.method = "POST";
  record.path = copy.path;
  record.route = "mirror";
  record.stream = copy.request.stream;
  record.started = worker.clock.wall();
  return record;
}

void refuse(Worker& worker, admin::RequestRecord record, Fault fault) {
  record.fault = fault;
  record.status = traits(fault).status;
  worker.observer.request_finished(std::move(record));
}

void note(const Attempt& attempt, Time began, Time now, admin::RequestRecord& record) {
  record.attempts.push_back(attempt.record(now));
  const auto& one = record.attempts.front();
  record.status = one.status;
  record.fault = one.fault;
  record.provider = one.provider;
  record.key = one.key;
  record.upstream_model = one.model;
  record.first_token = one.first_token;
  record.usage = attempt.usage();
  record.cost = attempt.cost();
  record.total = now - began;
}

awaitable<void> perform(Worker& worker, std::shared_ptr<Mirrored> copy) {
  const Counted alive(worker.mirrors);
  co_await boost::asio::post(worker.io, boost::asio::use_awaitable);  // the session ends first
  const Time began = worker.clock.now();
  auto record = record_of(worker, *copy);
  if (worker.mirrors > kMostMirrors) {
    refuse(worker, std::move(record), Fault::policy_queue_full);
    co_return;
  }
  actors::RouteAsk ask{std::make_shared<const actors::RequestFacts>(copy->facts), {}, {}};
  actors::RouteAnswer answer = co_await worker.desk.route(ask);
  for (int keys = 1; keys < kMostKeys; ++keys) {
    const auto* refused = std::get_if<actors::Refused>(&answer);
    if (refused == nullptr || !refused->key) break;
    ask.tried_keys.push_back(*refused->key);
    answer = co_await worker.desk.route(ask);
  }
  if (const auto* refused = std::get_if<actors::Refused>(&answer)) {
    refuse(worker, std::move(record), refused->fault);
    co_return;
  }
  http::Wakeup wake(worker.dog);
  const auto& limits = copy->shadow->timeout;
  Attempt attempt(worker, wake, copy->request, limits, began + limits.total, 1,
                  std::get<actors::Granted>(std::move(answer)));
  attempt.start();
  for (;;) {
    if (worker.draining) break;
    attempt.poll(worker.clock.now());
    attempt.frames().clear();
    if (attempt.complete() || attempt.failed()) break;
    wake.at = attempt.deadline();
    co_await wake.wait();
  }
  const bool over = attempt.complete() || attempt.failed();
  if (!over) attempt.abandon(Fault::troupe_draining);
  note(attempt, began, worker.clock.now(), record);
  if (!over) {
    record.fault = Fault::troupe_draining;
    record.status = traits(Fault::troupe_draining).status;
  }
  worker.observer.request_finished(std::move(record));
}

}  // namespace

bool mirrors(double share, std::string_view request_id) {
  return steering::share_of({}, {}, request_id) < share * 100;
}

void mirror(Worker& worker, Mirrored copy) {
  if (worker.draining) return;
  auto& facts = copy.facts;
  facts.request_id += "-mirror";
  facts.model = copy.request.model = copy.shadow->name;
  facts.tenant = "(mirror)";
  facts.priority = config::RequestClass::batch;
  facts.weight = 1;
  facts.fallback = false;
  facts.sticky = 0;
  facts.pinned_provider.clear();
  facts.pinned_key.clear();
  facts.max_cost.reset();
  facts.max_latency.reset();
  copy.request.drop = copy.shadow->drop_params;
  worker.observer.request_started();
  boost::asio::co_spawn(worker.io, perform(worker, std::make_shared<Mirrored>(std::move(copy))), log_end);
}

/// After the answer: what is copied is not needed any more, and nobody waits for it.
void ChatCall::send_copy() {
  if (model_ == nullptr || !model_->mirror || !facts_ || record_.status != 200 || !running_.empty()) return;
  if (operation_ == dialects::Operation::count_tokens || record_.saved) return;  // cached: nothing to compare
  if (!mirrors(model_->mirror->share, caller_.request_id)) return;
  const auto* shadow = caller_.setup->find(model_->mirror->to);
  if (shadow == nullptr || shadow == model_) return;
  mirror(worker_, {std::move(request_), *facts_, record_.path, caller_.setup, shadow});
}

}  // namespace troupe::api
