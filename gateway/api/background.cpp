#include "gateway/api/background.hpp"

#include <boost/asio/co_spawn.hpp>
#include <utility>

#include "core/log_thrown.hpp"
#include "gateway/api/session.hpp"

namespace troupe::api {
namespace {

using boost::asio::awaitable;

awaitable<void> run(std::shared_ptr<Session> session) {
  co_await session->run();
}

}  // namespace

awaitable<bool> drive(Attempt& attempt, http::Wakeup& wake, const Clock& clock, const bool* stop) {
  for (;;) {
    if (stop != nullptr && *stop) {
      attempt.abandon(Fault::troupe_draining);
      co_return false;
    }
    attempt.poll(clock.now());
    attempt.frames().clear();
    if (attempt.complete() || attempt.failed()) co_return true;
    wake.at = attempt.deadline();
    co_await wake.wait();
  }
}

void note(const Attempt& attempt, Time now, admin::RequestRecord& record) {
  record.attempts.push_back(attempt.record(now));
  const auto& one = record.attempts.back();
  record.status = one.status;
  record.fault = one.fault;
  record.provider = one.provider;
  record.key = one.key;
  record.upstream_model = one.model;
  record.first_token = one.first_token;
  record.usage = attempt.usage();
  record.cost = attempt.cost();
  record.total = one.took;
}

void serve(Worker& worker, std::shared_ptr<Session> session) {
  boost::asio::co_spawn(worker.io, run(std::move(session)), log::Thrown("session_exception"));
}

}  // namespace troupe::api
