#include <charconv>
#include <string>
#include <utility>

#include "gateway/admin/answers.hpp"
#include "gateway/admin/costs.hpp"
#include "gateway/admin/endpoint_acts.hpp"
#include "gateway/admin/explain.hpp"
#include "gateway/admin/record_json.hpp"
#include "gateway/admin/views.hpp"

namespace troupe::admin::acts {
namespace {

constexpr std::size_t kMostRecords = 5000;

/// False when `limit` is there and is no number in 1..5000.
bool read_limit(const http::Request& request, std::size_t& limit) {
  const auto text = request.parameter("limit");
  if (text.empty()) return true;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  return error == std::errc{} && end == text.data() + text.size() && limit >= 1 && limit <= kMostRecords;
}

}  // namespace

Answer providers(Visit visit) {
  const auto actors = co_await visit.state->inspect();
  co_return answer(visit.request(), provider_list(*visit.state->config(), actors));
}

Answer keys(Visit visit) {
  const auto actors = co_await visit.state->inspect();
  co_return answer(visit.request(), key_list(actors));
}

Answer models(Visit visit) {
  const auto actors = co_await visit.state->inspect();
  co_return answer(visit.request(), model_list(*visit.state->config(), actors));
}

Answer explain(Visit visit) {
  auto question = explain_ask(visit.request().body, *visit.state->config(), visit.state->clock().wall());
  if (!question) co_return problem(400, question.error().message);
  if (!visit.context().company) co_return problem(501, "this node has no router");
  auto ask = std::move(question->ask);
  Json told = co_await visit.context().company->explain(std::move(ask));
  told["asked"] = question->asked;
  told["rules"] = question->rules;
  co_return answer(visit.request(), told);
}

Answer tenants(Visit visit) {
  co_return answer(visit.request(), tenant_list(*visit.state->config()));
}

Answer limits(Visit visit) {
  const auto actors = co_await visit.state->inspect();
  co_return answer(visit.request(), limit_list(*visit.state->config(), actors));
}

Answer spend(Visit visit) {
  const auto question = cost_question(visit.request(), visit.state->clock().wall());
  if (!question) co_return problem(400, question.error().message);
  if (visit.context().costs) co_return answer(visit.request(), visit.context().costs(*question));
  const auto told = costs(*visit.context().telemetry, question->by);
  if (told.is_null())
    co_return problem(400, "without a ledger costs are known by provider, model and tenant: set store.path");
  co_return answer(visit.request(), told);
}

Answer requests(Visit visit) {
  const auto& request = visit.request();
  RecordFilter filter;
  filter.model = parameter(request, "model");
  filter.tenant = parameter(request, "tenant");
  filter.fault = parameter(request, "fault");
  filter.status = parameter(request, "status");
  if (!read_limit(request, filter.limit)) co_return problem(400, "limit must be a number from 1 to 5000");
  auto rows = Json::array();
  for (const auto& record : visit.context().telemetry->recent(filter)) rows.push_back(summary(*record));
  co_return answer(request, {{"requests", std::move(rows)}});
}

Answer request_one(Visit visit) {
  const auto record = visit.context().telemetry->find(visit.tail);
  if (!record) co_return problem(404, "no such request among the recent ones");
  co_return answer(visit.request(), detail(*record));
}

}  // namespace troupe::admin::acts
