#include "gateway/api/embedding.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/api/background.hpp"
#include "gateway/dialects/json.hpp"

namespace troupe::api {

using boost::asio::awaitable;
using dialects::Json;

namespace {

constexpr std::size_t kMost = 16384;  // dimensions

/// Nobody's request, but its tokens and its price count.
void tell(Worker& worker, const Attempt& attempt) {
  admin::RequestRecord record;
  record.path = "/v1/embeddings";
  record.tenant = "(cache)";
  record.route = "probe";
  note(attempt, worker.clock.now(), record);
  worker.observer.probed(record);
}

}  // namespace

semantic::Vector read_embedding(std::string_view body) {
  const auto answer = dialects::read(body);
  if (answer.is_discarded() || !answer.is_object()) return {};
  const auto* data = dialects::member(answer, "data");
  if (data == nullptr || !data->is_array() || data->empty() || !data->front().is_object()) return {};
  const auto* numbers = dialects::member(data->front(), "embedding");
  if (numbers == nullptr || !numbers->is_array() || numbers->size() > kMost) return {};
  semantic::Vector out;
  for (const auto& number : *numbers) {
    if (!number.is_number()) return {};
    out.push_back(number.get<float>());
  }
  semantic::normalise(out);
  return out;
}

awaitable<semantic::Vector> Embedding::get(Time until) {
  const Json body{{"model", model_}, {"input", text_}};
  auto request = dialects::parse_request(dialects::Operation::embeddings, dialects::dump(body));
  if (!request) co_return semantic::Vector{};
  auto facts = std::make_shared<actors::RequestFacts>();
  facts->model = model_;
  facts->input = request->input_estimate;
  actors::RouteAsk ask{std::move(facts), {}, {}, false};
  auto answer = co_await worker_.desk.route(std::move(ask));
  auto* granted = std::get_if<actors::Granted>(&answer);
  if (granted == nullptr) co_return semantic::Vector{};
  const auto setup = worker_.setup;
  const auto* alias = setup->find(model_);
  const auto& timeouts = (alias != nullptr ? *alias : setup->direct).timeout;
  Attempt attempt(worker_, wake_, *request, timeouts, until, 1, std::move(*granted));
  attempt.start();
  co_await drive(attempt, wake_, worker_.clock);
  tell(worker_, attempt);
  if (!attempt.complete() || !attempt.whole()) co_return semantic::Vector{};
  co_return read_embedding(attempt.whole()->body);
}

}  // namespace troupe::api
