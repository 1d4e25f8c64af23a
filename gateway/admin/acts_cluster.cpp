#include "gateway/admin/answers.hpp"
#include "gateway/admin/endpoint_acts.hpp"
#include "gateway/admin/once.hpp"

namespace troupe::admin::acts {
namespace {

http::Response told(const Visit& visit, const std::function<nlohmann::json()>& source) {
  if (source) return answer(visit.request(), source());
  return answer(visit.request(),
                {{"node", visit.context().telemetry->options().node},
                 {"standalone", true},
                 {"hint", "this node runs on its own: its configuration has no `cluster` section"}});
}

}  // namespace

Answer cluster(Visit visit) {
  co_return told(visit, visit.context().cluster);
}

Answer cluster_shares(Visit visit) {
  co_return told(visit, visit.context().cluster_shares);
}

Answer budgets(Visit visit) {
  if (visit.context().budgets) co_return answer(visit.request(), visit.context().budgets());
  co_return answer(visit.request(), {{"budgets", nlohmann::json::array()},
                                     {"hint", "no budgets without a disk: set store.path"}});
}

Answer batches(Visit visit) {
  const auto& source = visit.context().batches;
  if (!source)
    co_return answer(visit.request(), {{"batches", nlohmann::json::array()},
                                       {"hint", "no files and batches without a disk: set store.path"}});
  auto told = co_await once<nlohmann::json>(visit.context().node_patience, source);
  if (!told) co_return problem(504, "the disk takes its time; ask again");
  const Json document(std::move(*told));
  co_return answer(visit.request(), document);
}

}  // namespace troupe::admin::acts
