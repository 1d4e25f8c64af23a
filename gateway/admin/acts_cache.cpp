#include "gateway/admin/answers.hpp"
#include "gateway/admin/cache_view.hpp"
#include "gateway/admin/endpoint_acts.hpp"

namespace troupe::admin::acts {

Answer cache(Visit visit) {
  const auto actors = co_await visit.state->inspect();
  co_return answer(visit.request(), cache_view(*visit.state->config(), actors));
}

/// Of one tenant with `tenant=`, else everything.
Answer flush_cache(Visit visit) {
  if (!visit.context().flush_cache) co_return problem(501, "this node keeps no cache");
  const auto tenant = parameter(visit.request(), "tenant");
  const bool one = !tenant.empty();
  visit.context().flush_cache(one ? std::optional<std::string>(tenant) : std::nullopt);
  co_return answer(visit.request(), {{"flushed", one ? Json(tenant) : Json("all")}});
}

}  // namespace troupe::admin::acts
