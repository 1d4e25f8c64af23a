#pragma once
// The metrics page: every metric name, label and help text of the product stands in exposition.cpp.
#include <prometheus/collectable.h>
#include <cstdint>
#include <string>
#include <vector>

#include "actors/company.hpp"
#include "gateway/admin/build_info.hpp"
#include "gateway/admin/metrics.hpp"

namespace troupe::admin {

/// What is asked for at scrape time rather than counted.
struct ScrapeState {
  std::vector<actors::ActorInfo> actors;
  BuildInfo build;
  std::uint64_t config_revision = 1;
  bool last_reload_ok = true;
  nlohmann::json batches;  ///< AdminContext::batch_figures; null: none
  nlohmann::json budgets;  ///< AdminContext::budgets; null: none
  nlohmann::json cluster;  ///< AdminContext::cluster_figures; null: a node on its own
};

/// The counted families, and those of `state`. Borrows the telemetry.
class Scrape final : public prometheus::Collectable {
 public:
  Scrape(const Telemetry& telemetry, ScrapeState state);
  std::vector<prometheus::MetricFamily> Collect() const override;
  /// Prometheus text format 0.0.4.
  std::string text() const;

 private:
  const Telemetry& telemetry_;
  ScrapeState state_;
};

/// 0 closed, 1 half-open or ramping, 2 open, 3 dead: for troupe_breaker_state.
int breaker_number(std::string_view state);

}  // namespace troupe::admin
