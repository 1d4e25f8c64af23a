#include "gateway/admin/answers.hpp"
#include "gateway/admin/endpoint_acts.hpp"

namespace troupe::admin::acts {
namespace {

http::Response absent() {
  return problem(501, "this node does not offer that");
}

/// 200 when the document says ok, 400 with the same document otherwise.
http::Response verdict(const http::Request& request, const Json& told) {
  return answer(request, told, told.value("ok", false) ? 200 : 400);
}

}  // namespace

Answer config(Visit visit) {
  if (!visit.context().config_json) co_return absent();
  co_return answer(visit.request(), Json(visit.context().config_json()));
}

Answer reload(Visit visit) {
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
