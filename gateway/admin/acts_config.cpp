#include "gateway/admin/answers.hpp"
#include "gateway/admin/endpoint_acts.hpp"
#include "gateway/admin/once.hpp"

namespace troupe::admin::acts {
namespace {

http::Response absent() {
  return problem(501, "this node does not offer that");
}

/// 200 when the document says ok, 400 with the same document otherwise.
http::Response verdict(const http::Request& request, const Json& told) {
  return answer(request, told, told.value("ok", false) ? 200 : 400);
}

Answer reload_everywhere(Visit visit) {
  const auto& context = visit.context();
  if (!context.reload_cluster) co_return problem(409, "this node runs on its own: leave the scope out");
  auto told = co_await once<nlohmann::json>(context.reload_patience, context.reload_cluster);
  if (!told) co_return problem(504, "no end in time; GET /cluster says what is in force where");
  const Json document(std::move(*told));
  co_return verdict(visit.request(), document);
}

}  // namespace

Answer config(Visit visit) {
  if (!visit.context().config_json) co_return absent();
  co_return answer(visit.request(), Json(visit.context().config_json()));
}

Answer reload(Visit visit) {
  const auto scope = parameter(visit.request(), "scope");
  if (scope == "cluster") {
    auto everywhere = co_await reload_everywhere(std::move(visit));
    co_return everywhere;
  }
  if (!scope.empty() && scope != "node") co_return problem(400, "scope must be node or cluster");
  if (!visit.context().reload) co_return absent();
  co_return verdict(visit.request(), Json(visit.context().reload()));
}

Answer validate(Visit visit) {
  if (!visit.context().validate) co_return absent();
  co_return verdict(visit.request(), Json(visit.context().validate(visit.request().body)));
}

Answer drain(Visit visit) {
  if (!visit.context().drain) co_return absent();
  co_return answer(visit.request(), Json(visit.context().drain(true)));
}

Answer undrain(Visit visit) {
  if (!visit.context().drain) co_return absent();
  co_return answer(visit.request(), Json(visit.context().drain(false)));
}

Answer schema(Visit visit) {
  if (!visit.context().schema) co_return absent();
  http::Response out;
  out.content_type = "application/schema+json";
  out.body = visit.context().schema();
  co_return out;
}

}  // namespace troupe::admin::acts
