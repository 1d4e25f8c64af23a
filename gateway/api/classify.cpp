// A classifier elsewhere is asked for the task, where a rule wants it and the client did not say.
#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/api/chat.hpp"
#include "gateway/keeper/fetch.hpp"
#include "gateway/steering/subject.hpp"

namespace troupe::api {

using boost::asio::awaitable;
using Json = nlohmann::json;

namespace {

constexpr std::size_t kLongestText = 16 << 10;  // bytes; what it is about is said by then
constexpr std::size_t kMostUnderWay = 64;       // per thread; beyond it the built-in one says

cloud::Ask question(const config::Classifier& service, cloud::Url url, const std::string& model,
                    const std::string& text) {
  cloud::Ask ask;
  ask.method = "POST";
  ask.url = std::move(url);
  ask.headers.emplace_back("Content-Type", "application/json");
  if (!service.token.empty()) ask.headers.emplace_back("Authorization", "Bearer " + service.token.reveal());
  // Cutting may split a letter: that is replaced.
  ask.body = Json{{"model", model}, {"text", text.substr(0, kLongestText)}}.dump(
      -1, ' ', false, Json::error_handler_t::replace);
  ask.timeout = service.timeout;
  return ask;
}

/// "" when it is no answer.
std::string task_in(const Result<cloud::Reply>& reply) {
  if (!reply || reply->status != 200) return {};
  const auto body = Json::parse(reply->body, nullptr, false);
  if (!body.is_object() || !body.contains("task") || !body["task"].is_string()) return {};
  return body["task"].get<std::string>();
}

}  // namespace

bool ChatCall::asks_elsewhere() const {
  const auto& setup = *caller_.setup;
  return setup.config->classifier && setup.routing->asks(rules::Field::task) &&
         session_.request().find("x-troupe-task").empty() && dialects::converses(operation_);
}

/// Leaves `task_` empty when the built-in classifier is to say.
awaitable<void> ChatCall::ask_elsewhere() {
  const Time began = worker_.clock.now();
  auto& desk = worker_.tasks;
  const auto text = steering::last_question(request_);
  const auto number = steering::TaskBook::number(request_.model, text);
  if (auto known = desk.book.known(number, began)) {
    task_ = *std::move(known);
    co_return worker_.observer.classified("cached");
  }
  if (!desk.book.may_ask(began)) co_return worker_.observer.classified("paused");
  if (desk.under_way >= kMostUnderWay) co_return worker_.observer.classified("busy");
  const auto& service = *caller_.setup->config->classifier;
  auto url = cloud::parse_url(service.url);
  if (!url) co_return worker_.observer.classified("failed");
  std::optional<Result<cloud::Reply>> reply;
  ++desk.under_way;
  {
    keeper::Fetch fetch(worker_.pool, worker_.clock, {{}, {}, worker_.variable});
    fetch.start(question(service, *std::move(url), request_.model, text),
                [this, &reply](Result<cloud::Reply> result) {
                  reply.emplace(std::move(result));
                  session_.wake().ready();
                });
    while (!reply && !worker_.draining) {
      session_.wake().at = began + service.timeout;
      co_await session_.wake().wait();
      fetch.look(worker_.clock.now());
    }
  }
  --desk.under_way;
  const Time now = worker_.clock.now();
  record_.queued += now - began;
  task_ = reply ? task_in(*reply) : std::string();
  const bool known = caller_.setup->routing->knows_task(task_);
  if (!known) task_.clear();
  if (known)
    desk.book.answered(number, task_, now);
  else
    desk.book.failed(now);
  worker_.observer.classified(known ? "answered" : "failed");
}

}  // namespace troupe::api
