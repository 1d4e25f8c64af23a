#include "gateway/api/mirror.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "core/log_thrown.hpp"
#include "gateway/api/background.hpp"
#include "gateway/steering/subject.hpp"

namespace troupe::api {
namespace {

using boost::asio::awaitable;

constexpr int kMostKeys = 8;  // that may refuse before it is let be

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
  const bool over = co_await drive(attempt, wake, worker.clock, &worker.draining);
  note(attempt, worker.clock.now(), record);
  record.total = worker.clock.now() - began;
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
  boost::asio::co_spawn(worker.io, perform(worker, std::make_shared<Mirrored>(std::move(copy))),
                        log::Thrown("mirror_exception"));
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
