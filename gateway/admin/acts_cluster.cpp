#include "gateway/admin/answers.hpp"
#include "gateway/admin/endpoint_acts.hpp"

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

}  // namespace troupe::admin::acts
