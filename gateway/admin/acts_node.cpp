#include <algorithm>
#include <string>

#include "gateway/admin/answers.hpp"
#include "gateway/admin/endpoint_acts.hpp"
#include "gateway/admin/events.hpp"
#include "gateway/admin/guard.hpp"
#include "gateway/admin/record_json.hpp"
#include "gateway/admin/views.hpp"

namespace troupe::admin::acts {

Answer livez(Visit visit) {
  co_return answer(visit.request(), {{"status", "ok"}});
}

Answer readyz(Visit visit) {
  const auto ready = visit.state->ready();
  const bool ok = ready.value("ok", true);
  Json out{{"status", ok ? "ok" : "not ready"}};
  // The checks are for those who may look inside; a balancer needs the status only.
  if (ready.contains("checks") && admit(visit.request(), visit.state->token()) == Entry::allowed)
    out["checks"] = ready["checks"];
  co_return answer(visit.request(), out, ok ? 200 : 503);
}

Answer version(Visit visit) {
  const auto& build = visit.context().build;
  co_return answer(visit.request(), {{"version", build.version},
                                     {"git", build.git},
                                     {"built", build.built},
                                     {"compiler", build.compiler},
                                     {"libs", build.libs},
                                     {"node", visit.context().telemetry->options().node},
                                     {"started", iso_time(visit.context().telemetry->started())}});
}

Answer metrics(Visit visit) {
  auto state = co_await visit.state->scrape_state();
  const Scrape scrape(*visit.context().telemetry, std::move(state));
  http::Response out;
  out.content_type = "text/plain; version=0.0.4; charset=utf-8";
  out.body = scrape.text();
  co_return out;
}

Answer overview(Visit visit) {
  const auto snapshot = co_await visit.state->snapshot();
  co_return answer(visit.request(), snapshot);
}

Answer actor_table(Visit visit) {
  auto actors = co_await visit.state->inspect();
  co_return answer(visit.request(), actor_list(std::move(actors), parameter(visit.request(), "type"),
                                               parameter(visit.request(), "sort")));
}

Answer actor_one(Visit visit) {
  const auto actors = co_await visit.state->inspect();
  const auto found = std::find_if(actors.begin(), actors.end(),
                                  [&](const auto& actor) { return std::to_string(actor.id) == visit.tail; });
  if (found == actors.end()) co_return problem(404, "no such actor; see /actors");
  co_return answer(visit.request(), actor_detail(*found));
}

Answer events(Visit visit) {
  return stream_events(visit.state, visit.exchange);
}

Answer describe(Visit visit) {
  co_return answer(visit.request(), openapi(visit.context().build.version));
}

}  // namespace troupe::admin::acts
