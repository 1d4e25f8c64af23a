#include "gateway/api/prober.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/log.hpp"
#include "core/log_thrown.hpp"
#include "gateway/api/background.hpp"

namespace troupe::api {
namespace {

using boost::asio::awaitable;

constexpr Duration kPatience = std::chrono::seconds(20);  // for the whole of a probe
constexpr auto kEnd = "prober_exception";                 // in the log

/// Counts, or marks, for as long as a coroutine lives.
template <class Value>
class Held {
 public:
  Held(Value& value, Value during) : value_(value), before_(std::exchange(value, during)) {}
  ~Held() { value_ = before_; }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  Value& value_;
  Value before_;
};

/// What the metrics and the costs see of it: no request of anybody's.
admin::RequestRecord record_of(const Attempt& attempt, Time now) {
  admin::RequestRecord record;
  record.path = "/v1/chat/completions";
  record.tenant = "(probes)";
  record.route = "probe";
  note(attempt, now, record);
  return record;
}

}  // namespace

std::string probe_body(const config::Provider& provider, const std::string& prompt) {
  using Json = nlohmann::json;
  // OpenAI's newer models refuse the old name, other servers may not know the new one.
  const bool openai = provider.type == config::ProviderType::openai && provider.base_url.empty();
  const Json body{{"model", "probe"},
                  {"messages", Json::array({Json{{"role", "user"}, {"content", prompt}}})},
                  {openai ? "max_completion_tokens" : "max_tokens", 1}};
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void Prober::tick() {
  if (stopped_ || looking_) return;
  boost::asio::co_spawn(worker_.io, look(), log::Thrown(kEnd));
}

awaitable<void> Prober::look() {
  const Held looking(looking_, true);
  const Counted alive(under_way_);
  while (!stopped_) {
    auto probe = co_await worker_.desk.next_probe();
    if (!probe) co_return;
    boost::asio::co_spawn(worker_.io, perform(std::move(*probe)), log::Thrown(kEnd));
  }
}

config::Timeouts Prober::timeouts(const actors::Endpoint& endpoint) const {
  const auto* model = worker_.setup->find(endpoint.alias);
  return (model ? *model : worker_.setup->direct).timeout;
}

awaitable<void> Prober::perform(actors::Probe probe) {
  const Counted alive(under_way_);
  const auto endpoint = probe.granted.endpoint;
  const auto limits = timeouts(*endpoint);
  const auto request =
      dialects::parse_request(dialects::Operation::chat, probe_body(*endpoint->key->provider, probe.prompt));
  http::Wakeup wake(worker_.dog);
  const Time until = worker_.clock.now() + std::min(kPatience, limits.total);
  Attempt attempt(worker_, wake, *request, limits, until, 1, probe.granted);
  if (!stopped_) attempt.start();
  const bool tried = co_await drive(attempt, wake, worker_.clock, &stopped_);
  const auto record = record_of(attempt, worker_.clock.now());
  worker_.desk.probed(probe, record.fault, tried);
  if (!tried) co_return;
  worker_.observer.probed(record);
  log::info("probe")
      .text("key", endpoint->key->id)
      .text("model", endpoint->model)
      .text("end", record.fault ? name(*record.fault) : "passed")
      .real("ms", std::chrono::duration<double, std::milli>(record.total).count());
}

}  // namespace troupe::api
